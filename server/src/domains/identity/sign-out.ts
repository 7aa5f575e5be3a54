import type { Clock } from '../../kernel/clock.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { signedOut } from './events.ts'
import { endSignIn } from './sign-in.store.ts'

/** Ends one sign-in now. What it has opened elsewhere (a running session, a certificate) ends by its own rules. */
export async function signOut(
  { audit, clock }: { audit: Audit; clock: Clock },
  { signIn, by }: { signIn: SignInId; by: PersonId },
): Promise<Result<void, IdentityError>> {
  return await audit.act<void, IdentityError>({ act: 'identity.sign_out', by, about: { signIn } }, async ({ tx, record }) => {
    if (!(await endSignIn(tx, signIn, clock.now()))) return fail({ code: 'identity.signed_out' })
    await record(signedOut({ signIn }))
    return ok(undefined)
  })
}
