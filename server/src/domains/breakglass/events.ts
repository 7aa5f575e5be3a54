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
