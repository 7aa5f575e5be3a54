import { auditEvent } from '../audit/index.ts'

export const rotationBegun = auditEvent('rotation.begun', {
  rotation: 'shown',
  account: 'shown',
  target: 'shown',
  credential: 'shown',
  trigger: 'shown',
  reason: 'personal',
})
export const rotationDone = auditEvent('rotation.done', {
  rotation: 'shown',
  account: 'shown',
  credential: 'shown',
  version: 'shown',
  verifiedAt: 'shown',
  oldRefusedAt: 'shown',
  oldValidUntil: 'shown',
  removed: 'shown',
})
export const rotationFailed = auditEvent('rotation.failed', {
  rotation: 'shown',
  account: 'shown',
  credential: 'shown',
  step: 'shown',
  code: 'shown',
})
export const accountManaged = auditEvent('inventory.account_managed', { account: 'shown', target: 'shown' })
export const impostorSeen = auditEvent('alarm.impostor', { target: 'shown', expected: 'shown', presented: 'shown', during: 'shown' })

/** Something shall be replaced. What a grant's end or its age orders stands in the ledger as `rotation.begun` alone. */
export const rotationOrdered = auditEvent('rotation.ordered', { order: 'shown', account: 'shown', trigger: 'shown', reason: 'personal' })
/** Whom `tells` names is told by the integrations that read the ledger. */
export const rotationAlert = auditEvent('alarm.rotation_failed', {
  order: 'shown',
  account: 'shown',
  target: 'shown',
  failures: 'shown',
  code: 'shown',
  nextAt: 'shown',
  tells: 'shown',
})
export const rotationEscalated = auditEvent('alarm.rotation_escalated', {
  order: 'shown',
  account: 'shown',
  target: 'shown',
  failures: 'shown',
  code: 'shown',
  nextAt: 'shown',
  tells: 'shown',
  itsmTicket: 'shown',
})
export const accountHeldAlarm = auditEvent('alarm.account_held', { account: 'shown', target: 'shown', code: 'shown', tells: 'shown' })
export const accountHeld = auditEvent('rotation.account_held', { account: 'shown', target: 'shown', reason: 'personal' })
export const accountReleased = auditEvent('rotation.account_released', { account: 'shown', target: 'shown', reason: 'personal' })
export const credentialDrift = auditEvent('alarm.credential_drift', {
  account: 'shown',
  target: 'shown',
  credential: 'shown',
  version: 'shown',
  seen: 'shown',
  during: 'shown',
  tells: 'shown',
})
export const oldChecking = auditEvent('rotation.old_checking', { rotation: 'shown', account: 'shown' })
export const oldChecked = auditEvent('rotation.old_checked', { rotation: 'shown', account: 'shown', code: 'shown' })
export const oldStillWorks = auditEvent('alarm.old_credential_works', {
  rotation: 'shown',
  account: 'shown',
  target: 'shown',
  tells: 'shown',
})
export const verifying = auditEvent('verification.begun', { account: 'shown', target: 'shown', trigger: 'shown' })
/** `results`: credential, version and the target's answer, null where it let us in. */
export const verified = auditEvent('verification.done', { account: 'shown', target: 'shown', results: 'shown' })
export const batchOrdered = auditEvent('rotation.batch_ordered', {
  batch: 'shown',
  accounts: 'shown',
  touchedBy: 'shown',
  trigger: 'shown',
  reason: 'personal',
})
export const planChanged = auditEvent('rotation.plan_changed', { account: 'shown', maxAgeSeconds: 'shown' })
