import type { PasswordAuthContext } from 'ssh2'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Refusal } from '../contract.ts'
import { cannotAsk, type SignIn } from './sign-in.ts'

/** Characters: as many as the API takes. */
export const longestPassword = 256

const noPassword = fail<Refusal>({ code: 'ssh.no_password', say: 'Type your password for Claviger.' })

/** A password that was typed. What is none is not asked about, and counts against nobody. */
export async function checkPassword(signIn: SignIn, typed: string): Promise<Result<void, Refusal>> {
  if (typed === '' || typed.length > longestPassword) return noPassword
  const recognised = await signIn.host.recognisePassword(signIn.attempt, typed).catch(() => cannotAsk)
  if (!recognised.ok) return recognised
  return signIn.shown('password', recognised.value) ? ok(undefined) : cannotAsk
}

/** SSH's own method of a password: the same, and the code is asked for after it. */
export async function takePassword(signIn: SignIn, ctx: PasswordAuthContext): Promise<void> {
  if (!signIn.next().has('password')) {
    signIn.host.refused(signIn.attempt, 'sign-in by password')
    return signIn.refuse(ctx, { code: 'ssh.method', say: `Passwords are not accepted here. ${signIn.how}` })
  }
  const checked = await checkPassword(signIn, ctx.password)
  return checked.ok ? signIn.goOn(ctx) : signIn.refuse(ctx, checked.error)
}
