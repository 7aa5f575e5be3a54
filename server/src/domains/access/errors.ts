import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { formatDuration } from '../../kernel/duration.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'
import { fail } from '../../kernel/result.ts'
import type { approveBlocked } from './rules.ts'

/** Every way access can say no by itself; the keeper's and policy's own refusals come with their sentence. */
interface AccessErrors {
  'access.account_unknown': { account: string }
  'access.person_unknown': { person: string }
  'access.request_unknown': { request: string }
  'access.grant_unknown': { grant: string }
  'access.wrong_state': { state: string; needs: readonly string[] }
  'access.own_request': object
  'access.not_an_approver': object
  'access.voted_already': object
  'access.expired': object
  'access.other_digest': object
  'access.too_short': { seconds: number }
  'access.not_yours': object
  'access.chain_too_long': object
  'access.held': object
  'access.check_out_same': { mode: string }
  'access.no_credential': { account: string }
  'access.grant_over': object
  'access.connect_only': object
  'access.break_glass': { account: string }
  'access.no_gateway': { account: string }
  'access.policy_unknown': { policy: string }
  'access.policy_twice': { policy: string }
  'access.policies_same': object
  'access.policies_many': { most: number }
  'access.policies_do_not_load': { why: string }
  'access.policy_change_unknown': { change: string }
  'access.policy_change_expired': { days: number }
  'access.own_policy_change': object
  'access.code_needed': object
}
type OwnError = ErrorOf<AccessErrors>
export type AccessError = OwnError | KeeperRefusal

/** The refusal that goes with the reason why somebody cannot decide on a request. */
export function blockedError(blocked: NonNullable<ReturnType<typeof approveBlocked>>, state: string, needs: readonly string[]): OwnError {
  switch (blocked) {
    case 'access.wrong_state':
      return { code: blocked, state, needs }
    case 'access.own_request':
    case 'access.not_an_approver':
    case 'access.voted_already':
      return { code: blocked }
  }
}

export const accessErrorFaces: Faces<AccessErrors> = {
  'access.policy_unknown': { http: 404, say: (e) => `There is no policy ${e.policy}. See claviger policy.` },
  'access.policy_twice': { http: 422, say: (e) => `Policy ${e.policy} is named twice. Say once what it shall be.` },
  'access.policies_same': { http: 422, say: () => 'This is what is in force already. Say what shall be different.' },
  'access.policies_many': { http: 422, say: (e) => `One change is of ${e.most} policies at most. Split it.` },
  'access.policies_do_not_load': { http: 422, say: (e) => e.why },
  'access.policy_change_unknown': { http: 404, say: (e) => `There is no change of policies ${e.change}. See claviger policy changes.` },
  'access.policy_change_expired': { http: 409, say: (e) => `A change of policies waits for ${e.days} days. Propose it again.` },
  'access.own_policy_change': {
    http: 403,
    say: () => 'You cannot approve your own change. Ask another security officer or administrator.',
  },
  'access.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
  'access.person_unknown': { http: 404, say: (e) => `There is no person ${e.person}. Look at the list of people.` },
  'access.account_unknown': { http: 404, say: (e) => `There is no account ${e.account}, or you may not see it. See claviger accounts.` },
  'access.request_unknown': { http: 404, say: (e) => `No access request ${e.request}, or you may not see it.` },
  'access.grant_unknown': { http: 404, say: (e) => `No grant ${e.grant}, or you may not see it.` },
  'access.wrong_state': { http: 409, say: (e) => `This is ${e.state} already; it would have to be ${e.needs.join(' or ')}.` },
  'access.own_request': { http: 403, say: () => 'You cannot decide your own request. Ask another approver.' },
  'access.not_an_approver': { http: 403, say: () => 'Deciding on this takes a member of approvers or security.' },
  'access.voted_already': { http: 409, say: () => 'You have decided on this already. It waits for someone else.' },
  'access.expired': { http: 410, say: () => 'This request has expired. File a new one.' },
  'access.other_digest': { http: 409, say: () => 'What you were shown is not what is asked now. Read the request again.' },
  'access.too_short': { http: 422, say: (e) => `The shortest window is ${formatDuration(e.seconds)}. Ask for at least that.` },
  'access.not_yours': { http: 403, say: () => 'Only the person who holds it, who approved it, or security can do this.' },
  'access.held': { http: 409, say: () => 'Somebody else holds this account. Queue for it: claviger check-out.' },
  'access.check_out_same': { http: 409, say: (e) => `This account is ${e.mode} already.` },
  'access.no_credential': {
    http: 409,
    say: (e) => `The vault has no credential of ${e.account} to show. Take the account over first: claviger rotate ${e.account}`,
  },
  'access.connect_only': {
    http: 409,
    say: () => 'This grant is for connecting, and nobody is shown the credential under it. Connect through the gateway.',
  },
  'access.break_glass': {
    http: 403,
    say: (e) =>
      `${e.account} is for emergencies: no grant opens it that is asked for like this. Two people activate it, and its custodians open it: claviger breakglass activate. Without a server: claviger breakglass open.`,
  },
  'access.no_gateway': {
    http: 409,
    say: (e) =>
      `No gateway leads to the target of ${e.account}, so nobody connects there. Check it out, and see its credential: claviger check-out ${e.account}.`,
  },
  'access.grant_over': { http: 410, say: () => 'This grant has ended. Ask again: claviger request.' },
  'access.chain_too_long': {
    http: 409,
    say: () =>
      'No access to one account, with all its renewals, lasts longer than 8 hours. End a grant that you do not need, or ask again after a break of 15 minutes.',
  },
}

export function explainAccess(error: AccessError): Explained {
  if ('message' in error) return explainKeeper(error)
  return explain(accessErrorFaces, error)
}

export const malformedDuration = () =>
  fail<Explained>({
    http: 422,
    body: { code: 'access.duration_malformed', message: 'That is no duration. Write for example 45m, 1h30m or 4h.' },
  })
