import { must } from '../../domains/identity/test/house.ts'
import type { PersonId } from '../../kernel/id.ts'
import type { Result } from '../../kernel/result.ts'
import { passkeyAsked } from '../shown-factor.ts'
import { type Authenticator, createAuthenticator, passkeyOf } from './authenticator.ts'
import type { World } from './world.ts'

/** Somebody's passkey, added with a code. */
export async function ownPasskey(
  world: Pick<World, 'write' | 'stepUp'>,
  person: { id: PersonId; code(): string },
  authenticator: Authenticator = createAuthenticator(),
) {
  const row = passkeyOf(person.id, authenticator)
  must(await world.write([{ kind: 'passkey', revision: 1, row }], world.stepUp(person)))
  return { ...authenticator, row }
}

type Act<T, E> = (code: string) => Promise<Result<T, E>>

/** What the passkey is asked when this is to be done; nothing is done. */
export async function askedFor<T, E>(act: Act<T, E>): Promise<string> {
  const answer = await act('passkey')
  const { code, facts } = (answer.ok ? {} : answer.error) as { code?: string; facts?: { challenge?: string } }
  if (code !== passkeyAsked) throw new Error(`no passkey was asked: ${JSON.stringify(answer)}`)
  return String(facts?.challenge)
}

/** Does it with a passkey, as the console does: asked for first, and then once more with the answer, while the clock goes on. */
export async function byPasskey<T, E>(world: Pick<World, 'later'>, passkey: Authenticator, act: Act<T, E>): Promise<Result<T, E>> {
  const challenge = await askedFor(act)
  world.later(15_000)
  return await act(passkey.answer(challenge))
}
