import type { Explained, HttpRefusal } from '../kernel/errors.ts'
import type { KeeperRefusal } from './contract.ts'

const statuses: Readonly<Record<string, HttpRefusal>> = {
  'factor.locked': 429,
  'presence.invalid': 401,
  'presence.expired': 401,
  'keeper.unreachable': 503,
  'keeper.failed': 503,
  'keeper.diverged': 503,
  'keeper.not_recorded': 503,
  'keeper.policy_error': 503,
  'keeper.malformed': 400,
  'keeper.unknown_row': 404,
  'keeper.stale': 409,
  'access.changed': 409,
  'access.policy_changed': 409,
  'access.other_digest': 409,
  'access.wrong_state': 409,
  'access.grant_over': 410,
  'access.expired': 410,
  'ledger.not_diverged': 409,
  'ledger.hole': 409,
  'enrolment.unknown': 404,
  'enrolment.used': 410,
  'enrolment.expired': 410,
  'enrolment.not_begun': 409,
  'enrolment.not_invited': 409,
  'setup.closed': 410,
  'certificate.key_kind': 422,
  'ticket.too_many': 429,
  'vault.has_credential': 409,
  'vault.no_credential': 409,
}

/** The keeper's own words go to the person; it never puts a secret into them. What has no status here is simply refused. */
export function explainKeeper(refusal: KeeperRefusal): Explained {
  return { http: statuses[refusal.code] ?? 403, body: { code: refusal.code, message: refusal.message } }
}
