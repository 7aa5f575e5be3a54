import { auditEvent } from '../audit/index.ts'

export const importBegun = auditEvent('onboarding.import_begun', { import: 'shown', source: 'personal' })
export const importTrying = auditEvent('onboarding.import_trying', { import: 'shown', accounts: 'shown' })
/** `results`: account, credential, outcome and the target's answer. */
export const importTried = auditEvent('onboarding.import_tried', { import: 'shown', results: 'shown' })
export const importOrdered = auditEvent('onboarding.import_rotated', { import: 'shown', accounts: 'shown', reason: 'personal' })

/** Before we look who is logged in on a target with observed accounts. */
export const watching = auditEvent('onboarding.watching', { target: 'shown' })
export const watched = auditEvent('onboarding.watched', { target: 'shown', code: 'shown', logins: 'shown' })
export const evidenceStands = auditEvent('onboarding.evidence_stands', {
  account: 'shown',
  target: 'shown',
  days: 'shown',
  logins: 'shown',
})
