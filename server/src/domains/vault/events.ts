import { auditEvent } from '../audit/index.ts'

export const passwordPolicyAdded = auditEvent('vault.password_policy_added', {
  policy: 'shown',
  name: 'shown',
  tier: 'shown',
  kind: 'shown',
  target: 'shown',
  length: 'shown',
  classes: 'shown',
  excluded: 'shown',
  exception: 'shown',
  maxAgeDays: 'shown',
})
export const passwordPolicyChanged = auditEvent('vault.password_policy_changed', {
  policy: 'shown',
  changed: 'shown',
  length: 'shown',
  classes: 'shown',
  excluded: 'shown',
  maxAgeDays: 'shown',
  state: 'shown',
})
export const credentialBringing = auditEvent('vault.bringing', {
  deposit: 'shown',
  account: 'shown',
  target: 'shown',
  credential: 'shown',
  version: 'shown',
})
export const credentialBrought = auditEvent('vault.brought', { deposit: 'shown', account: 'shown', credential: 'shown', version: 'shown' })
export const notBrought = auditEvent('vault.not_brought', { deposit: 'shown', account: 'shown', code: 'shown' })
export const impostorSeen = auditEvent('alarm.impostor', { target: 'shown', expected: 'shown', presented: 'shown', during: 'shown' })
export const versionPolicyChanged = auditEvent('vault.version_policy_changed', { keep: 'shown', days: 'shown', state: 'shown' })
export const versionsDestroyed = auditEvent('vault.versions_destroyed', {
  account: 'shown',
  credential: 'shown',
  versions: 'shown',
  by: 'shown',
  reason: 'personal',
})
export const sshTrusting = auditEvent('ssh.trusting', { target: 'shown', byHand: 'shown' })
export const sshTrusted = auditEvent('ssh.trusted', { target: 'shown', authority: 'shown', versions: 'shown', byHand: 'shown' })
export const sshDistrusting = auditEvent('ssh.distrusting', { target: 'shown' })
export const sshDistrusted = auditEvent('ssh.distrusted', { target: 'shown' })
export const sshTrustFailed = auditEvent('ssh.trust_failed', { target: 'shown', code: 'shown' })
export const loginChanged = auditEvent('ssh.login_changed', { account: 'shown', login: 'shown' })
export const sshRotationBegun = auditEvent('ssh.rotation_begun', { old: 'shown', authority: 'shown' })
export const sshHostLeftOut = auditEvent('ssh.host_left_out', { target: 'shown', reason: 'personal' })
export const sshAuthorityReplaced = auditEvent('ssh.authority_replaced', { old: 'shown', authority: 'shown', leftOut: 'shown' })
export const sshRotationDone = auditEvent('ssh.rotation_done', { old: 'shown', authority: 'shown', leftOut: 'shown' })
