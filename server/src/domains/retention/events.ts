import { auditEvent } from '../audit/index.ts'

export const classChanged = auditEvent('retention.class_changed', {
  class: 'shown',
  name: 'shown',
  anchor: 'shown',
  months: 'shown',
  applies: 'shown',
  reason: 'personal',
})
export const anchorSaid = auditEvent('retention.anchor_said', { anchor: 'shown', subject: 'shown', state: 'shown', reason: 'personal' })
/** `subject` is a session, a person, an account or a target. */
export const holdPlaced = auditEvent('retention.hold_placed', {
  hold: 'shown',
  kind: 'shown',
  subject: 'shown',
  case: 'personal',
  reason: 'personal',
})
export const holdLifted = auditEvent('retention.hold_lifted', { hold: 'shown', reason: 'personal' })
/** Before its keys go. */
export const destroying = auditEvent('recording.destroying', { recording: 'shown', session: 'shown', class: 'shown', keptUntil: 'shown' })
/** After: nothing opens it any more. `words`: so many hashes went by which the search found it. */
export const destroyed = auditEvent('recording.destroyed', { recording: 'shown', session: 'shown', keys: 'shown', words: 'shown' })
/** A legal hold came in between. */
export const keptAfterAll = auditEvent('recording.kept_after_all', { recording: 'shown', session: 'shown' })
/** `bytes`: of the file; 0 where there was none any more. */
export const fileRemoved = auditEvent('recording.file_removed', { recording: 'shown', session: 'shown', bytes: 'shown' })
