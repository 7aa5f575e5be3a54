import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Explained } from '../../kernel/errors.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { SignedIn } from '../../platform/http/handler.ts'
import type { Audit } from '../audit/index.ts'
import { addSshKey, type NewSshKey } from './add-ssh-key.ts'
import { createAuthenticate } from './authenticate.ts'
import { beginEnrolment } from './begin-enrolment.ts'
import type { WhenPersonStops } from './change-person.ts'
import { confirmAuthenticator } from './confirm-authenticator.ts'
import { type Confirmation, confirmEnrolment } from './confirm-enrolment.ts'
import { confirmPerson } from './confirm-person.ts'
import { createFirstAdministrator, type FirstAdministrator } from './create-first-administrator.ts'
import { disablePerson } from './disable-person.ts'
import { enablePerson } from './enable-person.ts'
import { keeperEpoch } from './epoch.ts'
import { explainIdentity } from './errors.ts'
import { finishSetup } from './finish-setup.ts'
import { listSshKeys, showMe } from './identity.view.ts'
import { type Invitation, invitePerson } from './invite-person.ts'
import { issueCertificate } from './issue-certificate.ts'
import { joinGroups } from './join-groups.ts'
import { leaveGroups } from './leave-groups.ts'
import { officerByPassword } from './officer-by-password.ts'
import { addPasskey, type NewPasskey } from './passkeys/add-passkey.ts'
import { beginPasskey, begunPasskeys, type PasskeySite } from './passkeys/begin-passkey.ts'
import { removePasskey } from './passkeys/remove-passkey.ts'
import { removePasskeyOf } from './passkeys/remove-passkey-of.ts'
import { showPasskeys } from './passkeys/show-passkeys.ts'
import { createPasswords } from './passwords.ts'
import { pendingEnrolments } from './pending-enrolments.ts'
import { listPeople, type PersonFilter } from './people.view.ts'
import { recogniseSshKey } from './recognise-ssh-key.ts'
import { removeAuthenticator } from './remove-authenticator.ts'
import { removeKeyOf } from './remove-key-of.ts'
import { type RemovedSshKey, removeSshKey } from './remove-ssh-key.ts'
import { type NewAuthenticator, replaceAuthenticator } from './replace-authenticator.ts'
import { resetPerson } from './reset-person.ts'
import { showPerson, showSignIns } from './show-person.ts'
import { signIn } from './sign-in.ts'
import { signInCode } from './sign-in-code.ts'
import { signInTokens } from './sign-in-tokens.ts'
import { signOut } from './sign-out.ts'
import { endOneSignIn, signOutOthers } from './sign-out-others.ts'

export interface IdentityDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  clock: Clock
  whenPersonStops: WhenPersonStops
  /** Where passkeys can be made and used; left out: nowhere. */
  passkeySite?: PasskeySite | undefined
}
export type Identity = Awaited<ReturnType<typeof createIdentity>>

/** Joins people, their factors, keys and sign-ins. Takes a moment: it makes the verifier that unknown names are compared with. */
export async function createIdentity({ db, audit, keeper, clock, whenPersonStops, passkeySite }: IdentityDeps) {
  const deps = {
    ...{ db, audit, keeper, clock, whenPersonStops, passkeySite },
    begun: begunPasskeys(),
    passwords: await createPasswords(),
    pending: pendingEnrolments(),
    tokens: signInTokens(keeper),
    epoch: keeperEpoch(keeper, clock),
  }
  const authenticate = createAuthenticate(deps)
  return {
    createFirstAdministrator: (first: FirstAdministrator) => createFirstAdministrator(deps, first),
    finishSetup: (given: { token: string }) => finishSetup(deps, given),
    invitePerson: (invited: Invitation) => invitePerson(deps, invited),
    beginEnrolment: (given: { token: string; password: string; source?: string }) => beginEnrolment(deps, given),
    confirmEnrolment: (given: Confirmation) => confirmEnrolment(deps, given),
    signIn: (given: { name: string; password: string; source: string }) => signIn(deps, given),
    signInCode: (given: Parameters<typeof signInCode>[1]) => signInCode(deps, given),
    officerByPassword: (given: Parameters<typeof officerByPassword>[1]) => officerByPassword(deps, given),
    disablePerson: (given: Parameters<typeof disablePerson>[1]) => disablePerson(deps, given),
    enablePerson: (given: Parameters<typeof enablePerson>[1]) => enablePerson(deps, given),
    confirmPerson: (given: Parameters<typeof confirmPerson>[1]) => confirmPerson(deps, given),
    leaveGroups: (given: Parameters<typeof leaveGroups>[1]) => leaveGroups(deps, given),
    joinGroups: (given: Parameters<typeof joinGroups>[1]) => joinGroups(deps, given),
    removeKeyOf: (given: Parameters<typeof removeKeyOf>[1]) => removeKeyOf(deps, given),
    removeAuthenticator: (given: Parameters<typeof removeAuthenticator>[1]) => removeAuthenticator(deps, given),
    replaceAuthenticator: (given: NewAuthenticator) => replaceAuthenticator(deps, given),
    confirmAuthenticator: (given: Parameters<typeof confirmAuthenticator>[1]) => confirmAuthenticator(deps, given),
    resetPerson: (given: Parameters<typeof resetPerson>[1]) => resetPerson(deps, given),
    signOutOthers: (given: Parameters<typeof signOutOthers>[1]) => signOutOthers(deps, given),
    endSignIn: (given: Parameters<typeof endOneSignIn>[1]) => endOneSignIn(deps, given),
    signOut: (given: { signIn: SignInId; by: PersonId }) => signOut(deps, given),
    addSshKey: (key: NewSshKey) => addSshKey(deps, key),
    removeSshKey: (key: RemovedSshKey) => removeSshKey(deps, key),
    passkeysAt: passkeySite?.origin ?? null,
    passkeys: (person: PersonId) => showPasskeys(deps, person),
    beginPasskey: (given: Parameters<typeof beginPasskey>[1]) => beginPasskey(deps, given),
    addPasskey: (given: NewPasskey) => addPasskey(deps, given),
    removePasskey: (given: Parameters<typeof removePasskey>[1]) => removePasskey(deps, given),
    removePasskeyOf: (given: Parameters<typeof removePasskeyOf>[1]) => removePasskeyOf(deps, given),
    issueCertificate: (given: Parameters<typeof issueCertificate>[1]) => issueCertificate(deps, given),
    recogniseSshKey: (given: { name: string; publicKey: Uint8Array }) => recogniseSshKey(deps, given),
    people: (filter: PersonFilter) => listPeople(db, filter),
    person: (id: PersonId) => showPerson(deps, id),
    signIns: (person: PersonId, current: SignInId) => showSignIns(deps, person, current),
    sshKeys: (person: PersonId) => listSshKeys(db, person),
    me: (by: SignInId) => showMe(db, by),
    status: () => keeper.ask('status', {}),
    authenticate,
    /** For the HTTP server: undefined for whoever must sign in (again); why it cannot be known, so that nobody is sent away for our fault. */
    async whoIs(token: string, idle = false): Promise<SignedIn | Explained | undefined> {
      const found = await authenticate(token, idle)
      if (found.ok) {
        const { person, presence, signIn } = found.value
        return { person: person.id, name: person.name, groups: person.groups, presence, signIn }
      }
      const explained = explainIdentity(found.error)
      return explained.http === 503 ? explained : undefined
    },
  }
}
