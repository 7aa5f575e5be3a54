import { canonical } from '../../kernel/canonical.ts'
import { lengthPrefixed, sha256 } from '../../platform/crypto/hash.ts'
import { digestOf, type FactContent } from './fact.ts'

/**
 * What an approver says yes to: SHA-256, hex, over who asks for which action on which account of which target (with address,
 * identity, tier and environment), why, for how long and under which demands. Any change of these gives another digest.
 */
export function requestDigest(request: FactContent, account: FactContent, target: FactContent): string {
  const { id, requester_id, account_id, action, reason, itsm_ticket, seconds, obligations, created_at, extends_grant } = request
  const more = extends_grant === undefined || extends_grant === null ? {} : { extends_grant }
  const asked = canonical({
    id,
    requester_id,
    account_id,
    action,
    reason,
    itsm_ticket,
    seconds,
    obligations,
    created_at,
    ...more,
  } as FactContent)
  // of the account only what it is: that it was found, taken over or held since then changes nothing about what was asked
  const which = canonical({ id: account.id, target_id: account.target_id, name: account.name, tier: account.tier } as FactContent)
  return sha256(lengthPrefixed('claviger/request/v1', asked, which, digestOf('target', target))).toString('hex')
}
