import type { FactKind } from './fact.ts'

/**
 * Which columns of which table decide access, and so are attested. Left out: what is only shown (creation times of
 * discoveries) and what the database itself must be able to change (how a session ended).
 */
export const factColumns: Readonly<Record<FactKind, readonly string[]>> = {
  person: ['id', 'name', 'display_name', 'groups', 'state', 'introduced_by'],
  factor: ['id', 'person_id', 'kind', 'verifier', 'state'],
  ssh_key: ['id', 'person_id', 'algorithm', 'public_key', 'fingerprint', 'state'],
  target: ['id', 'name', 'kind', 'environment', 'tier', 'settings', 'identity', 'manager', 'reconciler'],
  account: [
    'id',
    'target_id',
    'name',
    'category',
    'tier',
    'privileges',
    'credentials',
    'state',
    'check_out',
    'observed_since',
    'break_glass',
  ],
  policy: ['id', 'name', 'text', 'state'],
  access_request: [
    'id',
    'requester_id',
    'account_id',
    'action',
    'reason',
    'itsm_ticket',
    'seconds',
    'obligations',
    'digest',
    'state',
    'created_at',
    'expires_at',
    'extends_grant',
  ],
  approval: ['id', 'request_id', 'requester_id', 'approver_id', 'verdict', 'digest', 'factor_kind', 'at'],
  access_grant: [
    'id',
    'request_id',
    'person_id',
    'account_id',
    'action',
    'starts_at',
    'ends_at',
    'state',
    'chain_id',
    'epoch',
    'exclusive',
  ],
  session: ['id', 'grant_id', 'person_id', 'account_id', 'door', 'kind', 'command', 'source', 'recording_id', 'header_hash', 'opened_at'],
  holding: ['id', 'account_id', 'grant_id', 'state', 'seen'],
  dependent: ['id', 'account_id', 'host_id', 'credential', 'settings', 'state', 'introduced_by'],
  breakglass_key: ['id', 'recipient', 'threshold', 'custodians', 'state', 'introduced_by'],
  reveal: ['id', 'grant_id', 'person_id', 'account_id', 'credential', 'version', 'at'],
  password_policy: ['id', 'name', 'tier', 'kind', 'target_id', 'length', 'classes', 'excluded', 'exception', 'max_age_days', 'state'],
  destruction: ['id', 'account_id', 'gone'],
  version_policy: ['id', 'keep', 'days', 'state'],
}

export const factKinds = Object.keys(factColumns) as FactKind[]
