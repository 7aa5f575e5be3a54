import { ok, type Result } from '../../kernel/result.ts'
import { readPasskeyAnswer } from '../../protocols/webauthn/index.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import type { ShownFactor } from '../shown-factor.ts'
import type { Factors } from './factors.ts'
import type { Passkeys } from './passkeys.ts'

/**
 * A second factor shown now, for one act: the six digits of an authenticator, which do not say what they are for, or the answer of a passkey,
 * which does. `passkey` alone asks for the question. No operation has another way to take a code, so none takes codes alone.
 */
export type Prove = (shown: { person: string; code: string; act: string }) => Promise<Result<{ factor: ShownFactor }, KeeperRefusal>>

export const createProve =
  ({ factors, passkeys }: { factors: Factors; passkeys: Passkeys }): Prove =>
  async ({ person, code, act }) => {
    if (code === 'passkey') return await passkeys.ask(person, act)
    if (!code.startsWith('passkey.')) {
      const spent = await factors.spend(person, code)
      return spent.ok ? ok({ factor: 'totp' }) : spent
    }
    const answer = readPasskeyAnswer(code)
    if (!answer) return refuse('keeper.malformed', 'That is no answer of a passkey.')
    const spent = await passkeys.spend(person, answer, act)
    return spent.ok ? ok({ factor: 'passkey' }) : spent
  }
