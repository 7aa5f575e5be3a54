import type { BodyOf, passkeys, RefusalBody } from '@claviger/api'
import type { z } from 'zod'

/** The browser or the authenticator did not do it; the sentence is for the person. */
export class NoPasskey extends Error {}

export type Asked = NonNullable<RefusalBody['passkey']>
export type Made = BodyOf<typeof passkeys.addPasskey>['credential']
type Options = z.output<typeof passkeys.beginPasskey.answer>['options']

/** Whether this browser knows passkeys: none do on pages that are not safe, and old ones not as we ask. */
export const knowsPasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'

const sentences: Record<string, string> = {
  NotAllowedError: 'No passkey answered: it was cancelled, or nothing was found or touched in time. Try again.',
  InvalidStateError: 'You have a passkey on that device already. Use another device, or the passkey that is there.',
  NotSupportedError: 'That device cannot make a passkey for this. Use another one.',
  SecurityError: 'Passkeys do not work at this address. Open Claviger by its name.',
}

async function ask<T>(of: () => Promise<Credential | null>, read: (credential: PublicKeyCredential) => T): Promise<T> {
  if (!knowsPasskeys()) throw new NoPasskey('This browser does not know passkeys. Use a newer one, or a code.')
  let credential: Credential | null
  try {
    credential = await of()
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    throw new NoPasskey(sentences[name] ?? 'The browser could not ask for a passkey. Try again, or use a code.', { cause: error })
  }
  if (!(credential instanceof PublicKeyCredential)) throw new NoPasskey('No passkey answered. Try again, or use a code.')
  return read(credential)
}

/** Has an authenticator make a passkey. */
export const makePasskey = (options: Options): Promise<Made> =>
  ask(
    () => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
    (credential) => {
      const { id, rawId, response } = credential.toJSON() as RegistrationResponseJSON
      const { clientDataJSON, attestationObject } = response
      return { id, rawId, type: 'public-key', response: { clientDataJSON, attestationObject } }
    },
  )

/** Has one of these passkeys say yes, and says so as it goes where a code goes. */
export const answerOf = ({ challenge, rpId, credentials }: Asked): Promise<string> =>
  ask(
    () =>
      navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON({
          challenge,
          rpId,
          allowCredentials: credentials.map((id) => ({ id, type: 'public-key' })),
          userVerification: 'required',
          timeout: 120_000,
        }),
      }),
    (credential) => {
      const { id, response } = credential.toJSON() as AuthenticationResponseJSON
      return ['passkey', id, response.authenticatorData, response.clientDataJSON, response.signature].join('.')
    },
  )
