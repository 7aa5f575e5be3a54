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
