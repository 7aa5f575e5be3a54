import type { Attempt, Recognised, Refusal } from '../../gateways/contract.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { explainIdentity, type Passwords, type RecognisePasswordDeps, recognisePassword } from '../identity/index.ts'
import type { RecogniseDeps } from './recognise.ts'

export interface TypedPasswordDeps extends RecogniseDeps, Pick<RecognisePasswordDeps, 'clock'> {
  /** Undefined where no door takes passwords. */
  passwords?: Passwords | undefined
}

/** First factor: a password that was typed at a door. It is compared and forgotten; no entry, log or refusal has it. */
export async function recogniseTypedPassword(
  { passwords, ...deps }: TypedPasswordDeps,
  attempt: Attempt,
  password: string,
): Promise<Result<Recognised, Refusal>> {
  if (!passwords) return fail({ code: 'door.no_passwords', say: 'Passwords are not accepted here.', final: true })
  const source = attempt.from.replace(/:\d+$/, '')
  const found = await recognisePassword({ ...deps, passwords }, { name: attempt.person, password, source })
  if (found.ok) return ok({ person: found.value, attempt, admitted: false, shown: ['password'] })
  const { error, person } = found.error
  deps.attempts.record(attempt.door, attempt.from, error.code, 'password', { attempt, ...(person && { person }) })
  const final = error.code === 'identity.locked' || error.code === 'factor.person_not_active'
  return fail({ code: error.code, say: explainIdentity(error).body.message, ...(final && { final }) })
}
