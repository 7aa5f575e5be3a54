import { identity as api } from '@claviger/api'
import { authorityOf } from '../../keeper/attest-rows.ts'
import type { Explained } from '../../kernel/errors.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { on, type RouteHandler, type SignedIn, signedIn } from '../../platform/http/handler.ts'
import { explainIdentity, type IdentityError } from './errors.ts'
import type { Identity } from './identity.module.ts'
import type { ShownSshKey } from './identity.view.ts'
import { passkeyRoutes } from './passkeys/passkey.routes.ts'
import { peopleRoutes } from './people.routes.ts'
import { idleAt, type Person } from './rules.ts'

export interface IdentityRoutesDeps {
  identity: Identity
  /** Where `ssh` goes with a certificate, and the key that proves it is there. */
  gateway: { host: string; port: number; hostKey: string }
  lab: boolean
}

const personFace = ({ id, name, displayName, groups, state }: Person) => ({ id, name, displayName, groups: [...groups], state })
const keyFace = ({ createdAt, ...key }: ShownSshKey) => ({ ...key, createdAt: createdAt.toISOString() })
const done = { ok: true as const }

function answer<T, A>(result: Result<T, IdentityError>, face: (value: T) => A): Result<A, Explained> {
  return result.ok ? ok(face(result.value)) : fail(explainIdentity(result.error))
}

/** HTTP to use case and back, for people, their enrolment, their sign-ins and their keys. */
export const identityRoutes = ({ identity, gateway, lab }: IdentityRoutesDeps): RouteHandler[] => [
  ...setupRoutes(identity),
  ...signInRoutes(identity, lab),
  ...invitationRoutes(identity),
  ...peopleRoutes(identity),
  ...passkeyRoutes(identity),
  ...keyRoutes(identity, gateway),
]

const setupRoutes = (identity: Identity): RouteHandler[] => [
  on(api.setupStatus, async () => answer(await identity.status(), ({ setupOpen }) => ({ open: setupOpen }))),
  on(api.setupAdministrator, async ({ body }) =>
    answer(await identity.createFirstAdministrator(body), ({ person, totp }) => ({ person: personFace(person), totp })),
  ),
  on(api.setupFinish, async ({ body }) => answer(await identity.finishSetup(body), () => done)),
]

const signInRoutes = (identity: Identity, lab: boolean): RouteHandler[] => [
  on(api.signIn, async ({ body, source }) =>
    answer(await identity.signIn({ ...body, source }), ({ challenge, passkeys }) => ({
      challenge,
      factors: passkeys ? ['totp' as const, 'passkey' as const] : ['totp' as const],
      passkeysAt: identity.passkeysAt,
    })),
  ),
  on(api.signInCode, async ({ body: { challenge, code, as }, source, setCookie }) =>
    answer(await identity.signInCode({ challenge, code, kind: as, source }), ({ person, token, expiresAt }) => {
      // one or the other: a browser's token is out of reach of its scripts
      if (as === 'browser') setCookie(token, expiresAt)
      return { person: personFace(person), ...(as === 'cli' && { token }), expiresAt: expiresAt.toISOString() }
    }),
  ),
  on(api.signOut, async (incoming) => {
    const { signIn, person } = signedIn(incoming)
    return answer(await identity.signOut({ signIn, by: person }), () => {
      incoming.setCookie(undefined, new Date(0))
      return done
    })
  }),
  on(api.me, async (incoming) => {
    const me = await identity.me(signedIn(incoming).signIn)
    const status = await identity.status()
    if (!me) return fail(explainIdentity({ code: 'identity.signed_out' }))
    return answer(status, ({ seal }) => ({
      person: personFace(me.person),
      signIn: { expiresAt: me.expiresAt.toISOString(), idleAt: idleAt(me).toISOString() },
      passkeys: me.passkeys,
      passkeysAt: identity.passkeysAt,
      seal,
      lab,
    }))
  }),
]

const invitationRoutes = (identity: Identity): RouteHandler[] => [
  on(api.invitePerson, async (incoming) => {
    const { code, ...invited } = incoming.body
    const authority = authorityOf(incoming.who, code, incoming.setupToken)
    if (!authority) return fail(explainIdentity({ code: 'identity.code_needed' }))
    const by = incoming.who?.person ?? null
    return answer(await identity.invitePerson({ ...invited, authority, by }), ({ person, enrolmentToken }) => ({
      person: personFace(person),
      enrolmentToken,
    }))
  }),
  on(api.enrol, async ({ body, source }) =>
    answer(await identity.beginEnrolment({ ...body, source }), ({ person, totp }) => ({ person: personFace(person), totp })),
  ),
  on(api.enrolConfirm, async ({ body }) => answer(await identity.confirmEnrolment(body), (person) => ({ person: personFace(person) }))),
]

const keyRoutes = (identity: Identity, gateway: IdentityRoutesDeps['gateway']): RouteHandler[] => {
  const by = (who: SignedIn) => ({ by: who.person })
  return [
    on(api.sshKeys, async (incoming) => ok({ keys: (await identity.sshKeys(signedIn(incoming).person)).map(keyFace) })),
    on(api.addSshKey, async (incoming) => answer(await identity.addSshKey({ ...incoming.body, ...by(signedIn(incoming)) }), keyFace)),
    on(api.removeSshKey, async (incoming) => {
      const who = signedIn(incoming)
      const id = incoming.params.id as Parameters<Identity['removeSshKey']>[0]['id']
      return answer(await identity.removeSshKey({ id, presence: who.presence, ...by(who) }), () => done)
    }),
    on(api.sshCertificate, async (incoming) => {
      const who = signedIn(incoming)
      const asked = { publicKey: incoming.body.publicKey, presence: who.presence, ...by(who) }
      return answer(await identity.issueCertificate(asked), (issued) => ({ ...issued, gateway }))
    }),
  ]
}
