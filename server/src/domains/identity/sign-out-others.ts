import type { Clock } from '../../kernel/clock.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { othersSignedOut, signedOut } from './events.ts'
import { endOwnSignIn, endSignInsOf } from './sign-in.store.ts'

interface Deps {
  audit: Audit
  clock: Clock
}

/** Ends the person's sign-ins everywhere else: browsers and API tokens. Answers how many. */
export async function signOutOthers(
  { audit, clock }: Deps,
  { signIn, by }: { signIn: SignInId; by: PersonId },
): Promise<Result<number, IdentityError>> {
  return await audit.act<number, IdentityError>({ act: 'identity.sign_out_others', by }, async ({ tx, record }) => {
    const signIns = await endSignInsOf(tx, by, clock.now(), signIn)
    await record(othersSignedOut({ signIns }))
    return ok(signIns)
  })
}

/** Ends one of the person's own sign-ins. Somebody else's is unknown. */
export async function endOneSignIn(
  { audit, clock }: Deps,
  { signIn, by }: { signIn: SignInId; by: PersonId },
): Promise<Result<void, IdentityError>> {
  return await audit.act<void, IdentityError>({ act: 'identity.end_sign_in', by, about: { signIn } }, async ({ tx, record }) => {
    if (!(await endOwnSignIn(tx, signIn, by, clock.now()))) return fail({ code: 'identity.sign_in_unknown' })
    await record(signedOut({ signIn }))
    return ok(undefined)
  })
}
