import { auditEvent } from '../audit/index.ts'

// What identity writes into the ledger. People are pseudonymous ids there; their names and addresses can be erased.
export const personInvited = auditEvent('identity.person_invited', {
  person: 'shown',
  groups: 'shown',
  name: 'personal',
  displayName: 'personal',
})
export const enrolmentBegun = auditEvent('identity.enrolment_begun', { person: 'shown', factor: 'shown' })
export const personEnrolled = auditEvent('identity.person_enrolled', { person: 'shown', factors: 'shown', sshKey: 'shown' })
export const setupFinished = auditEvent('identity.setup_finished', {})
export const passwordAccepted = auditEvent('identity.password_accepted', { person: 'shown', source: 'personal' })
export const signInRefused = auditEvent('identity.sign_in', { person: 'shown', step: 'shown', code: 'shown', source: 'personal' })
export const signedIn = auditEvent('identity.signed_in', {
  person: 'shown',
  signIn: 'shown',
  kind: 'shown',
  expiresAt: 'shown',
  factor: 'shown',
  source: 'personal',
})
/** A row of ours that was changed behind our back, as the keeper says it of the rows that it attests. */
export const forgedSignIn = auditEvent('alarm.forged_row', { kind: 'shown', subject: 'shown', why: 'shown' })
export const signedOut = auditEvent('identity.signed_out', { signIn: 'shown' })
export const sshKeyAdded = auditEvent('identity.ssh_key_added', { key: 'shown', fingerprint: 'shown', label: 'personal' })
export const sshKeyRemoved = auditEvent('identity.ssh_key_removed', { key: 'shown', fingerprint: 'shown' })
export const passkeyAdded = auditEvent('identity.passkey_added', { passkey: 'shown', algorithm: 'shown', label: 'personal' })
export const passkeyRemoved = auditEvent('identity.passkey_removed', { passkey: 'shown' })
export const othersPasskeyRemoved = auditEvent('identity.others_passkey_removed', { person: 'shown', passkey: 'shown', reason: 'personal' })
export const certificateIssued = auditEvent('identity.certificate_issued', { fingerprint: 'shown', validUntil: 'shown' })
export const personDisabled = auditEvent('identity.person_disabled', { person: 'shown', signIns: 'shown', reason: 'personal' })
export const personEnabled = auditEvent('identity.person_enabled', { person: 'shown', state: 'shown' })
export const personConfirmed = auditEvent('identity.person_confirmed', { person: 'shown', introducedBy: 'shown' })
export const personReset = auditEvent('identity.person_reset', {
  person: 'shown',
  factors: 'shown',
  sshKeys: 'shown',
  passkeys: 'shown',
  signIns: 'shown',
  reason: 'personal',
})
export const othersSignedOut = auditEvent('identity.others_signed_out', { signIns: 'shown' })
export const groupsLeft = auditEvent('identity.groups_left', { person: 'shown', left: 'shown', groups: 'shown' })
export const groupsJoined = auditEvent('identity.groups_joined', { person: 'shown', joined: 'shown', groups: 'shown', state: 'shown' })
export const othersKeyRemoved = auditEvent('identity.others_key_removed', {
  person: 'shown',
  key: 'shown',
  fingerprint: 'shown',
  reason: 'personal',
})
export const authenticatorRemoved = auditEvent('identity.authenticator_removed', {
  person: 'shown',
  factors: 'shown',
  passkeys: 'shown',
  signIns: 'shown',
  reason: 'personal',
})
export const authenticatorBegun = auditEvent('identity.authenticator_begun', { factor: 'shown' })
export const authenticatorReplaced = auditEvent('identity.authenticator_replaced', {
  person: 'shown',
  old: 'shown',
  factor: 'shown',
  signIns: 'shown',
})
/** One administrator changed somebody who decides or administers. */
export const guardChanged = auditEvent('alarm.guard_changed', { person: 'shown', what: 'shown', groups: 'shown' })
