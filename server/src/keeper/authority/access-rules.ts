import { approverGroups, freshSeconds, type Obligations } from '../../domains/policy/index.ts'
import { canonical } from '../../kernel/canonical.ts'
import { ok } from '../../kernel/result.ts'
import { sameObligations } from '../decide/entitlement.ts'
import { questionOf } from '../decide/question.ts'
import { placeOf } from '../decide/retention.ts'
import type { FactContent } from '../facts/fact.ts'
import { isExclusive } from '../facts/holding.ts'
import { requestDigest } from '../facts/request-digest.ts'
import { refuse } from '../refuse.ts'
import { filedForActivation } from './activation-rule.ts'
import { takesItsAccount } from './holding-rule.ts'
import { type Case, no, onlyChanges, type Rule } from './rule.ts'

const longestWaitMs = 24 * 3600_000
const longestGrantMs = 8 * 3600_000
/** With a digit, so that `none` and `n/a` are no tickets; the API asks the same. */
const ticketShape = /^(?=.*[0-9])[A-Za-z0-9#][A-Za-z0-9._#:/-]{0,63}$/
const present = (c: Case): string | undefined => (c.actor.by === 'presence' || c.actor.by === 'stepUp' ? c.actor.person : undefined)

/** A request: by the person who asks, with the demands that policy makes now, for exactly what is there now. */
export const accessRequest: Rule = async (c) => (c.before === undefined ? await filed(c) : await moved(c, c.before))

const filed: Rule = async (c) => {
  const { after, view, context } = c
  if (present(c) !== after.requester_id) return no('A request is filed by the person who asks.', 'Sign in again.')
  if (after.state !== 'waiting' && after.state !== 'approved') return no('A request begins as waiting.', 'File it again.')
  if (after.itsm_ticket !== null && !ticketShape.test(String(after.itsm_ticket)))
    return refuse('access.ticket_malformed', 'That is no ITSM ticket. Name one such as CHG0012345, with a digit and without spaces.')
  const [person, account] = [await view.read('person', String(after.requester_id)), await view.read('account', String(after.account_id))]
  if (!person.ok) return person
  if (person.value.content.state !== 'active') return refuse('access.person_not_active', 'You are not active. Ask an administrator.')
  if (!account.ok) return account
  const target = await view.read('target', String(account.value.content.target_id))
  if (!target.ok) return target
  if (after.activation !== undefined) return await filedForActivation(c, account.value.content, target.value.content)
  const engine = await c.policies()
  if (!engine.ok) return engine
  const decision = engine.value.decide(
    questionOf(person.value.content, account.value.content, target.value.content, after, { phase: 'request' }),
  )
  if (!decision.allowed) return refuse(decision.code, decision.message)
  if (!sameObligations(after, { ...decision.obligations, because: decision.because }))
    return refuse('access.policy_changed', 'Policy says something else by now. File the request again.')
  if (after.digest !== requestDigest(after, account.value.content, target.value.content))
    return refuse('access.changed', 'The target changed while you asked. File the request again.')
  const wait = Date.parse(String(after.expires_at)) - Date.parse(String(after.created_at))
  const age = Math.abs(context.now().getTime() - Date.parse(String(after.created_at)))
  if (wait <= 0 || wait > longestWaitMs || age > 60_000)
    return no('A request is made now and waits for at most 24 hours.', 'File it again.')
  const extended = await extendsOwn(c)
  if (!extended.ok) return extended
  if (after.extends_grant !== undefined && !isThere(c, decision.obligations)) return askForCode
  return after.state === 'waiting' ? ok(undefined) : await entitled(c)
}

const askForCode = refuse(
  'access.fresh_code_needed',
  `More time here takes a code from the last ${freshSeconds / 60} minutes. Ask again and give one.`,
)

/** Where nobody else is asked, and where policy wants a fresh factor, it must still be that person who sits there. */
const isThere = ({ actor, context }: Case, { approvals, mfa }: Pick<Obligations, 'approvals' | 'mfa'>): boolean =>
  (approvals > 0 && mfa === 'session') ||
  actor.by === 'stepUp' ||
  (actor.by === 'presence' && context.now().getTime() - actor.at.getTime() <= freshSeconds * 1000)

/** More time is asked for by who has the grant, for what they have it, while it runs. */
const extendsOwn: Rule = async ({ after, view, context }) => {
  if (after.extends_grant === undefined) return ok(undefined)
  const grant = await view.before('access_grant', String(after.extends_grant))
  if (!grant.ok) return grant
  const g = grant.value?.content
  if (!g || g.person_id !== after.requester_id || g.account_id !== after.account_id || g.action !== after.action)
    return no('Only its holder extends a grant.', 'Ask for access yourself.')
  return runs(g, context) ? ok(undefined) : refuse('access.grant_over', 'This grant has ended. Ask again: claviger request.')
}

const runs = (g: FactContent, { now, identity }: Case['context']): boolean =>
  g.state === 'active' && Date.parse(String(g.ends_at)) > now().getTime() && g.epoch === identity.epoch

async function moved(c: Case, before: FactContent): ReturnType<Rule> {
  const { after, actor, context, batch } = c
  if (!onlyChanges(c, 'state')) return no('Of a request only the state changes.', 'File a new one.')
  if (after.state === 'void') return ok(undefined)
  if (before.state !== 'waiting' && before.state !== 'queued')
    return refuse('access.wrong_state', `This request is ${before.state} already.`)
  switch (after.state) {
    case 'queued':
      // everything is there but the account: it is decided once more when that is free
      if (before.state !== 'waiting' || after.extends_grant !== undefined) return no('A request queues once.', 'Wait for your turn.')
      return expired(c, after) ?? (await entitled(c))
    case 'approved':
      return expired(c, after) ?? (await entitled(c))
    case 'denied': {
      const vote = batch.find((f) => f.kind === 'approval' && f.content.request_id === after.id && f.content.verdict === 'denied')
      return vote && vote.content.approver_id === present(c) ? ok(undefined) : no("A denial is somebody's vote.", 'Deny it as an approver.')
    }
    case 'withdrawn':
      return present(c) === after.requester_id ? ok(undefined) : no('Only the person who asked withdraws.', 'Deny it instead.')
    case 'expired':
      return actor.by === 'system' && Date.parse(String(after.expires_at)) <= context.now().getTime()
        ? ok(undefined)
        : no('This request has not expired.', 'Wait, or withdraw it.')
    default:
      return no('A request does not go back.', 'File a new one.')
  }
}

/** Nobody keeps a yes for later: an approval must come while the request waits. */
const expired = (c: Case, request: FactContent) =>
  Date.parse(String(request.expires_at)) <= c.context.now().getTime()
    ? refuse('access.expired', 'This request has expired. File a new one.')
    : undefined

const entitled: Rule = async (c) => {
  const verdict = await c.entitle(c.view, String(c.after.id), undefined)
  return verdict.ok ? ok(undefined) : verdict
}

/** A vote: by another person than the requester, who may decide on this; a yes with a fresh code, for exactly the digest that stands now. */
export const approval: Rule = async (c) => {
  const { after, before, actor, view } = c
  if (before) return no('A vote is cast once.', 'Deny or end what it led to.')
  if (present(c) !== after.approver_id) return no('A vote is cast by the approver.', 'Sign in again.')
  if (after.verdict === 'approved' && (actor.by !== 'stepUp' || after.factor_kind !== actor.factor))
    return refuse('access.step_up_needed', 'An approval needs a fresh code from your authenticator.')
  const request = await view.before('access_request', String(after.request_id))
  if (!request.ok) return request
  const r = request.value?.content
  if (!r) return refuse('access.request_unknown', `There is no request ${after.request_id}.`)
  if (r.state !== 'waiting' && !(r.state === 'queued' && after.verdict === 'denied'))
    return refuse('access.wrong_state', `This request is ${r.state} already.`)
  const late = expired(c, r)
  if (late) return late
  if (r.activation !== undefined && after.verdict === 'approved')
    return no('What an activation brought is agreed to by its second person.', 'Use claviger breakglass approve.')
  // a no that left its request waiting could be taken away again, and nothing would miss it
  const ends = c.batch.some((f) => f.kind === 'access_request' && f.content.id === r.id && f.content.state === 'denied')
  if (after.verdict !== 'approved' && !ends) return no('A no ends the request.', 'Deny it.')
  if (after.requester_id !== r.requester_id || after.approver_id === r.requester_id)
    return refuse('access.own_request', 'You cannot decide your own request. Ask another approver.')
  if (after.digest !== r.digest)
    return refuse('access.other_digest', 'What you were shown is not what is asked now. Read the request again.')
  const account = await view.read('account', String(r.account_id))
  if (!account.ok) return account
  const target = await view.read('target', String(account.value.content.target_id))
  if (!target.ok) return target
  if (requestDigest(r, account.value.content, target.value.content) !== r.digest)
    return refuse('access.changed', 'The target changed after this was asked for, so it is void.')
  const [requester, approver] = [await view.read('person', String(r.requester_id)), await view.read('person', String(after.approver_id))]
  if (!requester.ok) return requester
  if (!approver.ok) return approver
  if (approver.value.content.state !== 'active') return refuse('access.person_not_active', 'You are not active. Ask an administrator.')
  const may = approverGroups(questionOf(requester.value.content, account.value.content, target.value.content, r, { phase: 'request' }))
  return (approver.value.content.groups as string[]).some((g) => may.includes(g))
    ? ok(undefined)
    : refuse('access.not_an_approver', `Deciding on this takes a member of ${may.join(' or ')}.`)
}

/** A grant: the keeper decides it again from the request and its votes. It ends, or becomes void; nothing else changes. */
export const accessGrant: Rule = async (c) => {
  const { after, before, context, view } = c
  if (before) {
    const ends = onlyChanges(c, 'state') && before.state === 'active' && (after.state === 'ended' || after.state === 'void')
    return ends ? ok(undefined) : await longer(c, before)
  }
  const entitlement = await c.entitle(view, String(after.request_id), undefined)
  if (!entitlement.ok) return entitlement
  const { request, account } = entitlement.value
  if (request.extends_grant !== undefined) return no('This request asks for more time under another grant.', 'Ask for access itself.')
  // one request, one grant: it is made in the very act that approves the request, never again later
  const was = await view.before('access_request', String(after.request_id))
  if (!was.ok) return was
  if (was.value?.content.state === 'approved') return no('This request became a grant already.', 'File a new request.')
  const seconds = (Date.parse(String(after.ends_at)) - Date.parse(String(after.starts_at))) / 1000
  const late = Math.abs(context.now().getTime() - Date.parse(String(after.starts_at)))
  const fits =
    request.state === 'approved' &&
    after.person_id === request.requester_id &&
    after.account_id === request.account_id &&
    after.action === request.action &&
    (after.exclusive ?? false) === isExclusive(account, request.action)
  if (
    !fits ||
    after.state !== 'active' ||
    after.epoch !== context.identity.epoch ||
    seconds <= 0 ||
    seconds > Number(request.seconds) ||
    late > 60_000
  ) {
    return no('A grant is exactly what was approved.', 'File a new request.')
  }
  return await takesItsAccount(c, isExclusive(account, request.action))
}

/** Its end moves when a request for exactly that is approved in the same act: by no more than was asked, and never past eight hours in all. */
const longer = async (c: Case, before: FactContent): ReturnType<Rule> => {
  const { after, batch, view, context } = c
  const only = no('A grant can only end, or be extended by a request for that.', 'File a new request.')
  if (!onlyChanges(c, 'ends_at')) return only
  const asked = batch.find(
    (f) => f.kind === 'access_request' && f.content.extends_grant === after.id && f.content.state === 'approved',
  )?.content
  if (!asked) return only
  const was = await view.before('access_request', String(asked.id))
  if (!was.ok) return was
  if (was.value?.content.state === 'approved') return no('This extension was given already.', 'Ask for another.')
  if (asked.requester_id !== after.person_id || asked.account_id !== after.account_id || asked.action !== after.action) return only
  if (!runs(before, context)) return refuse('access.grant_over', 'This grant has ended. Ask again: claviger request.')
  const [starts, ended, ends] = [before.starts_at, before.ends_at, after.ends_at].map((at) => Date.parse(String(at))) as [
    number,
    number,
    number,
  ]
  if (ends <= ended || ends - ended > Number(asked.seconds) * 1000) return only
  return ends - starts <= longestGrantMs
    ? ok(undefined)
    : refuse('access.chain_too_long', 'No access to one account, with all its renewals, lasts longer than 8 hours. Ask for less.')
}

/** A session: opened by its own person, who is present, under a grant of theirs that runs. What happens to it later is not attested. */
export const session: Rule = async (c) => {
  const { after, before, role, view, context } = c
  if (before) return no('A session is opened once.', 'Connect again.')
  if (role !== 'gateway' || present(c) !== after.person_id)
    return no('A session is opened by a gateway for a person who is there.', 'Connect again.')
  const grant = await view.read('access_grant', String(after.grant_id))
  if (!grant.ok) return grant
  const g = grant.value.content
  if (!runs(g, context)) return refuse('access.grant_over', 'This grant has ended. Ask again: claviger request.')
  if (g.action !== 'connect')
    return refuse('access.reveal_only', 'This grant is for seeing the credential, not for sessions. Ask for access to connect.')
  if (g.person_id !== after.person_id || g.account_id !== after.account_id)
    return no('This grant is for another person or account.', 'Connect again.')
  if (after.kept_as === undefined) return ok(undefined)
  const account = await view.read('account', String(after.account_id))
  if (!account.ok) return account
  const target = await view.read('target', String(account.value.content.target_id))
  if (!target.ok) return target
  return canonical(after.kept_as) === canonical({ ...placeOf(account.value.content, target.value.content) })
    ? ok(undefined)
    : no('This session is on another target, or one of another tier.', 'Connect again.')
}
