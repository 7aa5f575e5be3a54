import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { SignedIn } from '../../platform/http/handler.ts'
import type { Audit } from '../audit/index.ts'
import { addSshKey, type NewSshKey } from './add-ssh-key.ts'
import { createAuthenticate } from './authenticate.ts'
import { beginEnrolment } from './begin-enrolment.ts'
import { type Confirmation, confirmEnrolment } from './confirm-enrolment.ts'
import { createFirstAdministrator, type FirstAdministrator } from './create-first-administrator.ts'
import { keeperEpoch } from './epoch.ts'
import { explainIdentity } from './errors.ts'
import { finishSetup } from './finish-setup.ts'
import { listPeople, listSshKeys, showMe } from './identity.view.ts'
import { type Invitation, invitePerson } from './invite-person.ts'
import { issueCertificate } from './issue-certificate.ts'
import { officerByPassword } from './officer-by-password.ts'
import { createPasswords } from './passwords.ts'
import { pendingEnrolments } from './pending-enrolments.ts'
import { recogniseSshKey } from './recognise-ssh-key.ts'
import { type RemovedSshKey, removeSshKey } from './remove-ssh-key.ts'
import { signIn } from './sign-in.ts'
import { signInCode } from './sign-in-code.ts'
import { signInTokens } from './sign-in-tokens.ts'
import { signOut } from './sign-out.ts'

export interface IdentityDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  clock: Clock
}
export type Identity = Awaited<ReturnType<typeof createIdentity>>

/** Joins people, their factors, keys and sign-ins. Takes a moment: it makes the verifier that unknown names are compared with. */
export async function createIdentity({ db, audit, keeper, clock }: IdentityDeps) {
  const deps = {
    ...{ db, audit, keeper, clock },
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
    beginEnrolment: (given: { token: string; password: string }) => beginEnrolment(deps, given),
    confirmEnrolment: (given: Confirmation) => confirmEnrolment(deps, given),
    signIn: (given: { name: string; password: string; source: string }) => signIn(deps, given),
    signInCode: (given: Parameters<typeof signInCode>[1]) => signInCode(deps, given),
    officerByPassword: (given: Parameters<typeof officerByPassword>[1]) => officerByPassword(deps, given),
    signOut: (given: { signIn: SignInId; by: PersonId }) => signOut(deps, given),
    addSshKey: (key: NewSshKey) => addSshKey(deps, key),
    removeSshKey: (key: RemovedSshKey) => removeSshKey(deps, key),
    issueCertificate: (given: Parameters<typeof issueCertificate>[1]) => issueCertificate(deps, given),
    recogniseSshKey: (given: { name: string; publicKey: Uint8Array }) => recogniseSshKey(deps, given),
    people: () => listPeople(db),
    sshKeys: (person: PersonId) => listSshKeys(db, person),
    me: (by: SignInId) => showMe(db, by),
    status: () => keeper.ask('status', {}),
    authenticate,
    /** For the HTTP server: undefined for whoever must sign in (again). Throws when it cannot be known, so that nobody is sent away for our fault. */
    async whoIs(token: string, idle = false): Promise<SignedIn | undefined> {
      const found = await authenticate(token, idle)
      if (found.ok) {
        const { person, presence, signIn } = found.value
        return { person: person.id, name: person.name, groups: person.groups, presence, signIn }
      }
      const { http, body } = explainIdentity(found.error)
      if (http === 503) throw new Error(`${body.code}: ${body.message}`)
      return undefined
    },
  }
}
