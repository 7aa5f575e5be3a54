import { passkeys as api } from '@claviger/api'
import type { Explained } from '../../../kernel/errors.ts'
import type { PasskeyId, PersonId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../../platform/http/handler.ts'
import { explainIdentity, type IdentityError } from '../errors.ts'
import type { Identity } from '../identity.module.ts'

function answer<T, A>(result: Result<T, IdentityError>, shape: (value: T) => A): Result<A, Explained> {
  return result.ok ? ok(shape(result.value)) : fail(explainIdentity(result.error))
}

/** HTTP to use case and back, for people's passkeys. */
export const passkeyRoutes = (identity: Identity): RouteHandler[] => [
  on(api.passkeys, async (incoming) =>
    answer(await identity.passkeys(signedIn(incoming).person), (passkeys) => ({ passkeys, at: identity.passkeysAt })),
  ),
  on(api.beginPasskey, async (incoming) => {
    const { person: by, name } = signedIn(incoming)
    return answer(await identity.beginPasskey({ by, name, displayName: name }), (options) => ({ options }))
  }),
  on(api.addPasskey, async (incoming) =>
    answer(await identity.addPasskey({ ...incoming.body, by: signedIn(incoming).person }), ({ createdAt, ...passkey }) => ({
      ...passkey,
      createdAt: createdAt.toISOString(),
      lastUsedAt: null,
    })),
  ),
  on(api.removePasskey, async (incoming) => {
    const given = { passkey: incoming.params.id as PasskeyId, by: signedIn(incoming).person, code: incoming.body.code }
    return answer(await identity.removePasskey(given), () => ({ ok: true as const }))
  }),
  on(api.removePasskeyOf, async (incoming) => {
    const { passkey, ...given } = incoming.body
    const change = { person: incoming.params.id as PersonId, by: signedIn(incoming).person, passkey: passkey as PasskeyId }
    return answer(await identity.removePasskeyOf({ ...change, ...given }), ({ id, name, displayName, groups, state }) => ({
      person: { id, name, displayName, groups: [...groups], state },
    }))
  }),
]
