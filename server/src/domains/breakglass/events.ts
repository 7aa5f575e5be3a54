import { auditEvent } from '../audit/index.ts'

export const keyProposed = auditEvent('breakglass.key_proposed', {
  key: 'shown',
  recipient: 'shown',
  threshold: 'shown',
  custodians: 'shown',
})
export const keyConfirmed = auditEvent('breakglass.key_confirmed', { key: 'shown', recipient: 'shown', replaces: 'shown' })
export const keyDropped = auditEvent('breakglass.key_dropped', { key: 'shown' })
export const accountMarked = auditEvent('breakglass.account_marked', { account: 'shown', target: 'shown', marked: 'shown' })
export const kitMade = auditEvent('breakglass.kit_made', { kit: 'shown', key: 'shown', accounts: 'shown', file: 'shown' })
export const kitStale = auditEvent('alarm.kit_stale', { kit: 'shown', because: 'shown', tells: 'shown' })
export const recordingAdopted = auditEvent('breakglass.recording_adopted', {
  recording: 'shown',
  kit: 'shown',
  account: 'shown',
  custodians: 'shown',
  startedAt: 'shown',
  pieces: 'shown',
  whole: 'shown',
  told: 'shown',
  file: 'shown',
})
export const recordingViewed = auditEvent('breakglass.recording_viewed', { recording: 'shown' })
export const kitOpened = auditEvent('alarm.kit_opened', {
  kit: 'shown',
  account: 'shown',
  custodians: 'shown',
  startedAt: 'shown',
  tells: 'shown',
})
export const activationAsked = auditEvent('breakglass.activation_asked', {
  activation: 'shown',
  kind: 'shown',
  accounts: 'shown',
  seconds: 'shown',
  expiresAt: 'shown',
  reason: 'personal',
})
export const activationApproved = auditEvent('breakglass.activation_approved', { activation: 'shown', kind: 'shown', requester: 'shown' })
export const activationBegan = auditEvent('breakglass.activation_began', {
  activation: 'shown',
  kind: 'shown',
  accounts: 'shown',
  requester: 'shown',
  approver: 'shown',
  from: 'shown',
  until: 'shown',
})
export const activationEnded = auditEvent('breakglass.activation_ended', {
  activation: 'shown',
  kind: 'shown',
  accounts: 'shown',
  requester: 'shown',
  approver: 'shown',
  why: 'shown',
  tells: 'shown',
})
export const activationClosed = auditEvent('breakglass.activation_closed', { activation: 'shown', state: 'shown' })
export const activationReviewed = auditEvent('breakglass.activation_reviewed', { activation: 'shown', review: 'personal' })
export const drillDone = auditEvent('breakglass.drill_done', {
  activation: 'shown',
  account: 'shown',
  passed: 'shown',
  steps: 'shown',
  seconds: 'shown',
  tells: 'shown',
})
/** A login on a target with an account for emergencies that was none of ours. */
export const loginElsewhere = auditEvent('alarm.break_glass_login', {
  account: 'shown',
  target: 'shown',
  address: 'personal',
  program: 'personal',
  began: 'shown',
  tells: 'shown',
})
