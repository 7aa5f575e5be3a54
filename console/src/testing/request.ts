import type { access } from '@claviger/api'

/** A waiting request as the API answers it, for tests of pure words and rules. */
export const request = (change: Partial<access.AccessRequest> = {}): access.AccessRequest => ({
  id: 'req_aaaaaaaaaa',
  requester: { id: 'per_aaaaaaaaaa', name: 'alice', displayName: 'Alice' },
  account: { id: 'acc_aaaaaaaaaa', name: 'deploy', tier: 1, tierLabel: 'Tier 1 · high', privileges: ['sudo'] },
  target: { id: 'tgt_aaaaaaaaaa', name: 'web01', kind: 'linux-ssh', environment: 'lab', address: '127.0.0.1:15022' },
  action: 'connect',
  position: null,
  extends: null,
  reason: 'Restart the order queue',
  itsmTicket: null,
  seconds: 3600,
  state: 'waiting',
  obligations: { approvals: 1, maxSeconds: 14_400, itsmTicket: false, mfa: 'fresh', reveal: 'never', recorded: true },
  because: ['tier-1 production'],
  digest: 'a'.repeat(64),
  createdAt: '2026-03-04T11:55:00Z',
  expiresAt: '2026-03-04T12:25:00Z',
  approvals: [],
  grant: null,
  approveBlocked: null,
  voidReason: null,
  history: [],
  ...change,
})
