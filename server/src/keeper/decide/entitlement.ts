import { approverGroups, requiredApproverGroups, type SessionTerms, usualTerms } from '../../domains/policy/index.ts'
import { canonical } from '../../kernel/canonical.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { requestDigest } from '../facts/request-digest.ts'
import type { OwnEntries } from '../own-entries.ts'
import { refuse } from '../refuse.ts'
import type { KeeperIdentity } from '../state/identity.ts'
import { underActivation } from './activation.ts'
import type { createPolicies } from './policies.ts'
import { questionOf } from './question.ts'
import type { FactView } from './view.ts'

export interface Entitlement {
  request: FactContent
  account: FactContent
  target: FactContent
  person: FactContent
  /** How sessions under it are carried, as policy says now. */
  session: SessionTerms
}

export type Entitle = (view: FactView, requestId: string, mfaAgeSeconds: number | undefined) => Promise<Result<Entitlement, KeeperRefusal>>

/**
 * Decides for good whether a request may become, and be used as, a grant: everything as it is now, from checked rows only.
 * The vote asked the same questions before; nothing of that is relied on here.
 */
export function createEntitle(
  context: () => { facts: FactReader; identity: KeeperIdentity; alarm: OwnEntries['alarm']; now: () => Date },
  policies: ReturnType<typeof createPolicies>,
): Entitle {
  return async (view, requestId, mfaAgeSeconds) => {
    const request = await view.read('access_request', requestId)
    if (!request.ok) return request
    const r = request.value.content
    const { epochAt } = context().identity
    if (epochAt && Date.parse(String(r.created_at)) < epochAt.getTime())
      return refuse('access.earlier_epoch', 'This was asked for before the ledger began a new epoch, so it is void. File a new request.', {
        request: requestId,
      })
    const account = await view.read('account', String(r.account_id))
    if (!account.ok) return account
    const target = await view.read('target', String(account.value.content.target_id))
    if (!target.ok) return target
    const person = await view.read('person', String(r.requester_id))
    if (!person.ok) return person
    const [a, t, p] = [account.value.content, target.value.content, person.value.content]
    if (p.state !== 'active') return refuse('access.person_not_active', `${p.name} is not active. Ask an administrator.`)
    if (a.break_glass === true && r.activation === undefined) return noGrantOpensIt(String(a.name), String(t.name))
    if (requestDigest(r, a, t) !== r.digest)
      return refuse('access.changed', 'The target or account changed after this was asked for, so it is void. File a new request.', {
        request: requestId,
      })

    if (r.activation !== undefined) {
      const activated = await underActivation(view, context(), r, a)
      return activated.ok ? ok({ request: r, account: a, target: t, person: p, session: usualTerms }) : activated
    }
    const engine = await policies()
    if (!engine.ok) return engine
    const approvals = await view.approvalsOf(requestId)
    if (!approvals.ok) return approvals
    const question = (given: number) =>
      questionOf(p, a, t, r, {
        phase: mfaAgeSeconds === undefined ? 'request' : 'release',
        approvals: given,
        ...(mfaAgeSeconds !== undefined && { mfaAgeSeconds }),
      })
    const valid = new Map<string, readonly string[]>()
    const groups = approverGroups(question(0))
    for (const approval of approvals.value) {
      if (approval.verdict !== 'approved') return refuse('access.denied', 'This request was denied.', { request: requestId })
      if (approval.digest !== r.digest || approval.approver_id === r.requester_id || approval.requester_id !== r.requester_id) continue
      const approver = await context().facts.read('person', String(approval.approver_id))
      if (!approver.ok) return approver
      const theirs = approver.value.content.groups as string[]
      if (approver.value.content.state === 'active' && theirs.some((g) => groups.includes(g)))
        valid.set(String(approval.approver_id), theirs)
    }
    const decision = engine.value.decide(question(valid.size))
    if (!decision.allowed) {
      if (decision.alarm) await context().alarm('policy', 'engine', decision.detail ?? 'the policies could not be evaluated')
      return refuse(decision.code, decision.message)
    }
    const demanded = decision.obligations
    if (valid.size < demanded.approvals)
      return refuse('access.approvals_missing', `This needs ${demanded.approvals} approvals and has ${valid.size}.`, {
        needed: demanded.approvals,
        given: valid.size,
      })
    if (demanded.approvals > 0 && demanded.approvals >= 2) {
      const missing = requiredApproverGroups(question(valid.size)).filter((g) => ![...valid.values()].some((theirs) => theirs.includes(g)))
      if (missing.length > 0)
        return refuse('access.approvals_missing', `An approval by someone of ${missing.join(' and ')} is missing.`, {
          missing: missing.join(' '),
        })
    }
    return ok({ request: r, account: a, target: t, person: p, session: demanded.session })
  }
}

/** Whether what a request says it was told is what policy says now. */
export function sameObligations(row: FactContent, decided: object): boolean {
  return canonical(row.obligations as FactContent) === canonical(decided as FactContent)
}

/** Accounts for emergencies are behind no approval: their credentials are with the custodians. */
const noGrantOpensIt = (account: string, target: string) =>
  refuse(
    'access.break_glass',
    `${account}@${target} is for emergencies: no grant opens it. Two people activate it, and its custodians: claviger breakglass activate. Without a server: claviger breakglass open.`,
  )
