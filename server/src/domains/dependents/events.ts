import { auditEvent } from '../audit/index.ts'

/** `how`: what is done on the host, as JSON. It may name people's files. */
export const dependentAdded = auditEvent('dependents.added', {
  dependent: 'shown',
  account: 'shown',
  target: 'shown',
  credential: 'shown',
  state: 'shown',
  how: 'personal',
})
export const dependentConfirmed = auditEvent('dependents.confirmed', { dependent: 'shown', account: 'shown', target: 'shown' })
export const dependentRemoved = auditEvent('dependents.removed', { dependent: 'shown', account: 'shown', target: 'shown' })
export const dependentLooking = auditEvent('dependents.looking', { dependent: 'shown', account: 'shown', target: 'shown' })
export const dependentLooked = auditEvent('dependents.looked', { dependent: 'shown', account: 'shown', code: 'shown' })
export const dependentTelling = auditEvent('dependents.telling', {
  dependent: 'shown',
  account: 'shown',
  target: 'shown',
  credential: 'shown',
  version: 'shown',
})
export const dependentTold = auditEvent('dependents.told', { dependent: 'shown', account: 'shown', version: 'shown', changed: 'shown' })
export const dependentNotTold = auditEvent('dependents.not_told', { dependent: 'shown', account: 'shown', version: 'shown', code: 'shown' })
/** Whom `tells` names is told by the integrations that read the ledger. */
export const dependentAlarm = auditEvent('alarm.dependent_failed', {
  dependent: 'shown',
  account: 'shown',
  target: 'shown',
  failures: 'shown',
  code: 'shown',
  nextAt: 'shown',
  tells: 'shown',
})
export const dependentImpostor = auditEvent('alarm.impostor', { target: 'shown', expected: 'shown', presented: 'shown', during: 'shown' })
export const dependentOrdered = auditEvent('dependents.ordered', { dependent: 'shown', account: 'shown', version: 'shown' })
