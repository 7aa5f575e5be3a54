import { people as api } from '@claviger/api'
import type { Explained } from '../../kernel/errors.ts'
import type { PersonId, SignInId, SshKeyId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { on, type RouteHandler, type SignedIn, signedIn } from '../../platform/http/handler.ts'
import { explainIdentity, type IdentityError } from './errors.ts'
import type { Identity } from './identity.module.ts'
import type { ListedSignIn } from './people.view.ts'
import type { Person } from './rules.ts'

const face = ({ id, name, displayName, groups, state }: Person) => ({ id, name, displayName, groups: [...groups], state })
const signInFace = (s: ListedSignIn & { current: boolean }) => ({
  ...s,
  createdAt: s.createdAt.toISOString(),
  lastSeenAt: s.lastSeenAt.toISOString(),
  expiresAt: s.expiresAt.toISOString(),
})

function answer<T, A>(result: Result<T, IdentityError>, shape: (value: T) => A): Result<A, Explained> {
  return result.ok ? ok(shape(result.value)) : fail(explainIdentity(result.error))
}

/** Who may look at others' factors, keys and sign-ins. */
const overseers = ['administrators', 'security', 'auditors']
const oversees = (who: SignedIn) => who.groups.some((g) => overseers.includes(g))

export function peopleRoutes(identity: Identity): RouteHandler[] {
  const change = (incoming: { params: { id: string }; who: SignedIn | undefined }) => ({
    person: incoming.params.id as PersonId,
    by: signedIn(incoming).person,
  })
  const person = (p: Person) => ({ person: face(p) })
  return [
    on(api.people, async (incoming) => {
      const all = oversees(signedIn(incoming))
      const shown = await identity.people(incoming.query)
      return ok({
        people: shown.map((p) => ({
          ...face(p),
          factors: all ? p.factors : null,
          sshKeys: all ? p.sshKeys : null,
          lastSeenAt: all ? (p.lastSeenAt?.toISOString() ?? null) : null,
        })),
      })
    }),
    on(api.getPerson, async (incoming) => {
      const who = signedIn(incoming)
      if (incoming.params.id !== who.person && !oversees(who)) return fail(explainIdentity({ code: 'identity.not_yours' }))
      return answer(await identity.person(incoming.params.id as PersonId), ({ person: p, createdAt, signIns, sshKeys, ...rest }) => ({
        ...rest,
        person: { ...p, groups: [...p.groups] },
        createdAt: createdAt.toISOString(),
        sshKeys: sshKeys.map((k) => ({ ...k, createdAt: k.createdAt.toISOString() })),
        signIns: signIns.map((s) => signInFace({ ...s, current: s.id === who.signIn })),
      }))
    }),
    on(api.disablePerson, async (incoming) => answer(await identity.disablePerson({ ...change(incoming), ...incoming.body }), person)),
    on(api.enablePerson, async (incoming) => answer(await identity.enablePerson({ ...change(incoming), ...incoming.body }), person)),
    on(api.confirmPerson, async (incoming) => answer(await identity.confirmPerson({ ...change(incoming), ...incoming.body }), person)),
    on(api.leaveGroups, async (incoming) => answer(await identity.leaveGroups({ ...change(incoming), ...incoming.body }), person)),
    on(api.joinGroups, async (incoming) => answer(await identity.joinGroups({ ...change(incoming), ...incoming.body }), person)),
    on(api.removeKeyOf, async (incoming) => {
      const { key, ...given } = incoming.body
      return answer(await identity.removeKeyOf({ ...change(incoming), ...given, key: key as SshKeyId }), person)
    }),
    on(api.removeAuthenticator, async (incoming) =>
      answer(await identity.removeAuthenticator({ ...change(incoming), ...incoming.body }), (removed) => ({
        ...person(removed.person),
        enrolmentToken: removed.enrolmentToken,
      })),
    ),
    on(api.replaceAuthenticator, async (incoming) => {
      const { person: by, name } = signedIn(incoming)
      return answer(await identity.replaceAuthenticator({ by, name, source: incoming.source, ...incoming.body }), (begun) => begun)
    }),
    on(api.confirmAuthenticator, async (incoming) => {
      const replaced = await identity.confirmAuthenticator({ by: signedIn(incoming).person, ...incoming.body })
      if (replaced.ok) incoming.setCookie(undefined, new Date(0))
      return answer(replaced, (ended) => ({ ended }))
    }),
    on(api.resetPerson, async (incoming) =>
      answer(await identity.resetPerson({ ...change(incoming), ...incoming.body }), (reset) => ({
        ...person(reset.person),
        enrolmentToken: reset.enrolmentToken,
      })),
    ),
    on(api.mySignIns, async (incoming) => {
      const { person: by, signIn } = signedIn(incoming)
      return ok({ signIns: (await identity.signIns(by, signIn)).map(signInFace) })
    }),
    on(api.endMySignIn, async (incoming) => {
      const given = { signIn: incoming.params.id as SignInId, by: signedIn(incoming).person }
      return answer(await identity.endSignIn(given), () => ({ ok: true as const }))
    }),
    on(api.signOutOthers, async (incoming) => {
      const { person: by, signIn } = signedIn(incoming)
      return answer(await identity.signOutOthers({ signIn, by }), (ended) => ({ ended }))
    }),
  ]
}
