import { auditEvent } from '../audit/index.ts'

export const attempted = auditEvent('session.attempt', {
  door: 'shown',
  way: 'shown',
  code: 'shown',
  account: 'shown',
  target: 'shown',
  who: 'personal',
  from: 'personal',
  what: 'personal',
})
export const admitted = auditEvent('session.admitted', { door: 'shown', way: 'shown', factor: 'shown', from: 'personal' })
/** Its person let in the one connection of a link, with the number in its terminal and a fresh code. Who came in by it: `session.admitted`. */
export const linkConfirmed = auditEvent('session.link_confirmed', {
  link: 'shown',
  door: 'shown',
  account: 'shown',
  target: 'shown',
  factor: 'shown',
  from: 'personal',
})
/** Another number was typed than stands in the terminal: the link is over. */
export const linkMisread = auditEvent('session.link_misread', { link: 'shown', account: 'shown', target: 'shown', from: 'personal' })
/** Somebody opened a link that is for another person, and was told nothing. */
export const linkNotTheirs = auditEvent('session.link_not_theirs', { link: 'shown' })
/** Its person says that it was not them. `shown`: what whoever it was had shown before. */
export const linkRefused = auditEvent('alarm.sign_in_link', {
  link: 'shown',
  door: 'shown',
  account: 'shown',
  target: 'shown',
  shown: 'shown',
  from: 'personal',
  client: 'personal',
})
/** `from` is the address for which the ticket is good. */
export const ticketIssued = auditEvent('session.ticket_issued', { grant: 'shown', expiresAt: 'shown', from: 'personal' })
export const opening = auditEvent('session.opening', {
  session: 'shown',
  grant: 'shown',
  account: 'shown',
  door: 'shown',
  way: 'shown',
  kind: 'shown',
  recording: 'shown',
  header: 'shown',
  notice: 'shown',
  database: 'shown',
  application: 'personal',
  from: 'personal',
  command: 'personal',
})
export const opened = auditEvent('session.opened', {
  session: 'shown',
  grant: 'shown',
  account: 'shown',
  recording: 'shown',
  until: 'shown',
  supervised: 'shown',
})
export const releasedAgain = auditEvent('session.released_again', {
  session: 'shown',
  account: 'shown',
  credential: 'shown',
  version: 'shown',
})
export const notOpened = auditEvent('session.not_opened', { session: 'shown', code: 'shown' })
export const recordingHead = auditEvent('recording.head', { recording: 'shown', chunks: 'shown', head: 'shown' })
/** `sha256`: of all its sealed bytes, as the bucket gave them back before the file here was removed. */
export const recordingStored = auditEvent('recording.stored', { recording: 'shown', place: 'shown', bytes: 'shown', sha256: 'shown' })
export const spoolFull = auditEvent('alarm.recording_spool_full', { node: 'shown', bytes: 'shown', limit: 'shown' })
export const spoolHasRoom = auditEvent('recording.spool_has_room', { node: 'shown', bytes: 'shown', limit: 'shown' })
export const ended = auditEvent('session.ended', {
  session: 'shown',
  grant: 'shown',
  reason: 'shown',
  exitStatus: 'shown',
  recording: 'shown',
  manifest: 'shown',
  signature: 'shown',
  detail: 'personal',
})
export const interrupted = auditEvent('session.interrupted', {
  session: 'shown',
  grant: 'shown',
  recording: 'shown',
  chunks: 'shown',
  head: 'shown',
  verified: 'shown',
})
/** What was done to one file. `bytes` and `sha256` are of the contents that passed. */
export const fileDone = auditEvent('session.file', {
  session: 'shown',
  n: 'shown',
  op: 'shown',
  bytes: 'shown',
  sha256: 'shown',
  outcome: 'shown',
  path: 'personal',
  to: 'personal',
})
/** A connection that the target opens (`local`) or takes (`remote`) for the person, before it does. `host` and `port`: where to, or where it listens. */
export const forwarding = auditEvent('session.forwarding', {
  session: 'shown',
  n: 'shown',
  direction: 'shown',
  host: 'personal',
  port: 'shown',
  from: 'personal',
})
/** How it ended; bytes from the person's side, and to it. */
export const forwarded = auditEvent('session.forwarded', {
  session: 'shown',
  n: 'shown',
  sent: 'shown',
  received: 'shown',
  outcome: 'shown',
  message: 'personal',
})
/** Policy refused an act in a session that runs. */
export const actRefused = auditEvent('session.act_refused', {
  session: 'shown',
  account: 'shown',
  action: 'shown',
  because: 'shown',
  what: 'personal',
})
/** Policy lets it pass and wants it known. */
export const actAlarm = auditEvent('alarm.session_act', {
  session: 'shown',
  account: 'shown',
  action: 'shown',
  because: 'shown',
  what: 'personal',
})
/** An act is held, and somebody else is asked about exactly it: `digest`. Its text is sealed in the row of the ask. `until`: so long. */
export const actAsked = auditEvent('session.act_asked', {
  session: 'shown',
  account: 'shown',
  ask: 'shown',
  action: 'shown',
  because: 'shown',
  digest: 'shown',
  until: 'shown',
})
/** Somebody else's yes to it, with a fresh code. Nothing is done yet. */
export const actAllowed = auditEvent('session.act_allowed', {
  session: 'shown',
  ask: 'shown',
  digest: 'shown',
  factor: 'shown',
  comment: 'personal',
})
/** Somebody else's no. */
export const actDenied = auditEvent('session.act_denied', { session: 'shown', ask: 'shown', digest: 'shown', reason: 'personal' })
/** What was allowed goes to the target now, this once. */
export const actPassed = auditEvent('session.act_passed', { session: 'shown', ask: 'shown', digest: 'shown' })
/** Nobody's word is waited for any longer, and it was not done. */
export const actLapsed = auditEvent('session.act_lapsed', { session: 'shown', ask: 'shown', why: 'shown' })
/** A rule saw something (docs/session-rules.md): at which second, in which statement or file. The text is in the recording. */
export const ruleSeen = auditEvent('alarm.session_rule', {
  session: 'shown',
  account: 'shown',
  rule: 'shown',
  seconds: 'shown',
  n: 'shown',
  more: 'shown',
  tells: 'shown',
})
/** From this second on another program, host or language carries what is done, and no rule sees it. */
export const opaqueFromHere = auditEvent('session.opaque', { session: 'shown', account: 'shown', seconds: 'shown', n: 'shown' })
/** The gateway was shown an order that the keeper knows as one for another session, or to do another thing. */
export const orderForged = auditEvent('alarm.forged_row', { kind: 'shown', subject: 'shown', why: 'shown' })
export const impostorSeen = auditEvent('alarm.impostor', { target: 'shown', during: 'shown', session: 'shown' })
/** The target asked for a file of the person's machine that no statement of theirs named. Nobody passed it on. */
export const fileDemanded = auditEvent('alarm.file_demanded', { target: 'shown', session: 'shown' })
export const endOrdered = auditEvent('session.end_ordered', { session: 'shown', reason: 'personal' })
/** What a replay begins with was not what was made of the recording: somebody wrote in the database. It is made anew. */
export const outlineAltered = auditEvent('alarm.replay_outline', { session: 'shown', recording: 'shown' })
export const viewed = auditEvent('recording.viewed', { session: 'shown', recording: 'shown', how: 'shown' })
/** Two officers open what was typed unseen: asked for, approved, ended; and each look, before the key is given. */
export const inputAsked = auditEvent('recording.input_asked', {
  opening: 'shown',
  session: 'shown',
  recording: 'shown',
  reason: 'personal',
})
export const inputApproved = auditEvent('recording.input_approved', {
  opening: 'shown',
  session: 'shown',
  recording: 'shown',
  until: 'shown',
})
export const inputWithdrawn = auditEvent('recording.input_withdrawn', { opening: 'shown', session: 'shown', recording: 'shown' })
export const inputShowing = auditEvent('recording.input_showing', {
  opening: 'shown',
  session: 'shown',
  recording: 'shown',
  showing: 'shown',
})
/** The same, where it is exported as a page: `facts` is the SHA-256 of what the page says of the session. */
export const exportedAsPage = auditEvent('recording.viewed', { session: 'shown', recording: 'shown', how: 'shown', facts: 'shown' })
/** Before the key is given out, for the words of an ended session's recording. Nobody sees it. */
export const indexing = auditEvent('recording.indexing', { session: 'shown', recording: 'shown' })
/** Before anything is looked up. */
export const searched = auditEvent('session.searched', { words: 'personal', filter: 'personal' })
/** Before the key is given out. `kind`: `announced`, or `covert` with its reason. */
export const watching = auditEvent('session.watching', { session: 'shown', recording: 'shown', kind: 'shown', reason: 'personal' })
/** `why`: what ended the watching. */
export const watched = auditEvent('session.watched', { session: 'shown', kind: 'shown', why: 'shown' })
/** A supervised session goes on: somebody who may is there to see it. */
export const observed = auditEvent('session.observed', { session: 'shown', watch: 'shown', observer: 'shown' })
/** Nobody is there any more: nothing passes. */
export const unobserved = auditEvent('session.unobserved', { session: 'shown' })
export const messageOrdered = auditEvent('session.message_ordered', { session: 'shown', message: 'personal' })
export const suspendOrdered = auditEvent('session.suspend_ordered', { session: 'shown', reason: 'personal' })
export const resumeOrdered = auditEvent('session.resume_ordered', { session: 'shown', reason: 'personal' })
