import { approverGroups } from '../../domains/policy/index.ts'
import { ok } from '../../kernel/result.ts'
import { questionOf } from '../decide/question.ts'
import type { Handler } from './handler.ts'

/** Whether policy lets somebody do this in a session that they have open: from rows that carry our MAC, whatever the gateway knows of them. */
export const judge: Handler<'judge'> = async ({ context, policies, args }) => {
  const session = await context.facts.read('session', args.session)
  if (!session.ok) return session
  const grant = await context.facts.read('access_grant', String(session.value.content.grant_id))
  if (!grant.ok) return grant
  const request = await context.facts.read('access_request', String(grant.value.content.request_id))
  if (!request.ok) return request
  const person = await context.facts.read('person', String(session.value.content.person_id))
  if (!person.ok) return person
  const account = await context.facts.read('account', String(session.value.content.account_id))
  if (!account.ok) return account
  const target = await context.facts.read('target', String(account.value.content.target_id))
  if (!target.ok) return target
  const engine = await policies()
  if (!engine.ok) return engine

  const [p, a, t, r] = [person.value.content, account.value.content, target.value.content, request.value.content]
  const question = questionOf(p, a, t, r, { phase: 'release' })
  const { principal, resource, context: of } = question
  const statements = session.value.content.kind === 'sql'
  const decision = engine.value.decideAct({ principal, resource, hasItsmTicket: of.hasItsmTicket, act: args.act, statements })
  const rests = engine.value.restsOnAct(args.act.action)
  const until = args.act.action === 'transfer' ? engine.value.nextSize(args.act.bytes) : null
  if (decision.allowed) {
    const ask = decision.consequence === 'ask' ? { groups: [...approverGroups(question)], seconds: decision.waitSeconds } : null
    return ok({ consequence: decision.consequence, say: null, because: [...decision.because], rests, until, ask })
  }
  if (decision.detail !== undefined) await context.alarm('policy', 'engine', decision.detail)
  return ok({ consequence: 'refuse', say: decision.message, because: [...decision.because], rests, until, ask: null })
}
