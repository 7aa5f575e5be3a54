import type { access, identity } from '@claviger/api'

// Answers of a server as tests need them.

const at = '2026-01-01T10:00:00.000Z'
const later = '2099-01-01T10:00:00.000Z'
export const alice: identity.Person = {
  id: 'per_aaaaaaaaaa',
  name: 'alice',
  displayName: 'Alice Adams',
  groups: ['engineers'],
  state: 'active',
}
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA+fUoUcCTlItvwfB4lyDbFf0rYgzWhAeSlfnyJ6mVZk'

export const signingIn = {
  signIn: () => ({ challenge: 'challenge-0001', factors: ['totp'], passkeysAt: null }),
  signInCode: () => ({ person: alice, token: 'a-token-that-nobody-may-see', expiresAt: later }),
  sshCertificate: () => ({
    certificate: 'ssh-ed25519-cert-v01@openssh.com AAAA',
    validUntil: later,
    gateway: { host: '127.0.0.1', port: 2222, hostKey },
  }),
}

const somebody = { id: alice.id, name: alice.name, displayName: alice.displayName }

export const sampleRequest = (change: Partial<access.AccessRequest> = {}): access.AccessRequest => ({
  id: 'req_rrrrrrrrrr',
  requester: somebody,
  account: { id: 'acc_cccccccccc', name: 'deploy', tier: 1, tierLabel: 'Tier 1 · high', privileges: ['sudo'] },
  target: { id: 'tgt_tttttttttt', name: 'web01', kind: 'linux-ssh', environment: 'lab', address: '127.0.0.1:15022' },
  action: 'connect',
  position: null,
  extends: null,
  reason: 'roll out 42',
  itsmTicket: null,
  seconds: 14_400,
  state: 'waiting',
  obligations: { approvals: 1, maxSeconds: 14_400, itsmTicket: false, mfa: 'session', reveal: 'never', recorded: true },
  because: ['tier-1'],
  digest: 'd1'.repeat(32),
  createdAt: at,
  expiresAt: later,
  approvals: [],
  grant: null,
  approveBlocked: null,
  voidReason: null,
  history: [],
  ...change,
})

export const sampleGrant = (change: Partial<access.Grant> = {}): access.Grant => ({
  id: 'grt_gggggggggg',
  request: 'req_rrrrrrrrrr',
  person: somebody,
  account: 'deploy',
  target: 'web01',
  action: 'connect',
  exclusive: false,
  state: 'active',
  startsAt: at,
  endsAt: later,
  endedAt: null,
  endReason: null,
  ...change,
})
