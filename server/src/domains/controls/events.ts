import { auditEvent } from '../audit/index.ts'

export const controlSilent = auditEvent('alarm.control_silent', {
  control: 'shown',
  node: 'shown',
  since: 'shown',
  noticed: 'shown',
  cause: 'shown',
})
export const controlRestored = auditEvent('control.restored', {
  control: 'shown',
  node: 'shown',
  since: 'shown',
  until: 'shown',
  seconds: 'shown',
})
