import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'

interface IdentityErrors {
  'identity.wrong_credentials': { left: number }
  'identity.locked': { until: Date }
  'identity.busy': object
  'identity.challenge_gone': object
  'identity.signed_out': object
  'identity.not_active': object
  'identity.password_weak': { why: string }
  'identity.name_taken': { name: string }
  'identity.enrolment_not_begun': object
  'identity.code_needed': object
  'identity.not_yours': object
  'identity.person_unknown': { person: string }
  'identity.wrong_state': { state: string; needs: string }
  'identity.sign_in_unknown': object
  'identity.ssh_key_malformed': { why: string }
  'identity.ssh_key_kind': { type: string }
  'identity.ssh_key_taken': object
  'identity.ssh_key_unknown': object
  'identity.passkey_malformed': { why: string }
  'identity.passkey_not_begun': object
  'identity.passkey_taken': object
  'identity.passkey_unknown': object
  'identity.no_passkeys_here': object
  'identity.no_authenticator': object
  'identity.authenticator_not_begun': object
}
export type IdentityError = ErrorOf<IdentityErrors> | KeeperRefusal

const faces: Faces<IdentityErrors> = {
  'identity.wrong_credentials': {
    http: 401,
    say: (e) => `Name or password is not right; ${e.left} ${e.left === 1 ? 'try' : 'tries'} left before this name is locked. Try again.`,
  },
  'identity.locked': {
    http: 429,
    say: (e) => `Too many wrong tries. Try again after ${e.until.toISOString()}, or tell a security officer if it was not you.`,
  },
  'identity.busy': { http: 429, say: () => 'Too many people are signing in at this moment. Try again in a few seconds.' },
  'identity.challenge_gone': {
    http: 401,
    say: () => 'This sign-in took longer than five minutes or was finished already. Begin again with your password.',
  },
  'identity.signed_out': { http: 401, say: () => 'This sign-in has ended. Sign in again.' },
  'identity.not_active': { http: 403, say: () => 'This person may not sign in at present. Ask an administrator.' },
  'identity.password_weak': { http: 422, say: (e) => `Choose another password. ${e.why}` },
  'identity.name_taken': { http: 409, say: (e) => `There is a person ${e.name} already. Choose another name.` },
  'identity.enrolment_not_begun': {
    http: 409,
    say: () => 'This enrolment was not begun, or more than an hour ago. Open the link and choose a password.',
  },
  'identity.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
  'identity.not_yours': {
    http: 403,
    say: () => 'Others are shown to administrators, security and auditors. Look at your own profile.',
  },
  'identity.person_unknown': { http: 404, say: (e) => `There is no person ${e.person}. Look at the list of people.` },
  'identity.wrong_state': { http: 409, say: (e) => `This person is ${e.state}; for this they must be ${e.needs}. Look again.` },
  'identity.sign_in_unknown': { http: 404, say: () => 'You have no such sign-in, or it has ended. Look at your list.' },
  'identity.ssh_key_malformed': {
    http: 422,
    say: (e) => `That is not one line of an OpenSSH public key: ${e.why}. Paste the content of the .pub file.`,
  },
  'identity.ssh_key_kind': { http: 422, say: (e) => `Keys of type ${e.type} of this size are not taken. Make one: ssh-keygen -t ed25519.` },
  'identity.ssh_key_taken': { http: 409, say: () => 'This key is in use already. A key belongs to one person: make another one.' },
  'identity.ssh_key_unknown': { http: 404, say: () => 'There is no such key. Look at the list of keys.' },
  'identity.passkey_malformed': { http: 422, say: (e) => `That passkey cannot be taken: ${e.why}. Make it again.` },
  'identity.passkey_not_begun': {
    http: 409,
    say: () => 'This passkey was not begun, or more than five minutes ago. Make it again.',
  },
  'identity.passkey_taken': { http: 409, say: () => 'This passkey is in use already. Use it, or make another one.' },
  'identity.passkey_unknown': { http: 404, say: () => 'There is no such passkey. Look at the list.' },
  'identity.no_passkeys_here': {
    http: 409,
    say: () =>
      'Passkeys belong to a name, and this server is opened by an address of numbers. Ask its operator to set CLAVIGER_PUBLIC_URL.',
  },
  'identity.no_authenticator': { http: 409, say: () => 'This person has no authenticator in use. Look at their factors.' },
  'identity.authenticator_not_begun': {
    http: 409,
    say: () => 'This new authenticator was not begun, or more than ten minutes ago. Begin again with your password and a code.',
  },
}

export function explainIdentity(error: IdentityError): Explained {
  if ('message' in error) return explainKeeper(error)
  return explain(faces, error)
}
