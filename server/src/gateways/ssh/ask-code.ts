import type { KeyboardAuthContext } from 'ssh2'
import { fail, type Result } from '../../kernel/result.ts'
import type { Admitted, Refusal } from '../contract.ts'
import { cannotAsk, type SignIn, tooOften } from './sign-in.ts'

/** Codes asked for in one exchange; a client may start another. */
const codesPerExchange = 3
const longestAnswer = 64

/**
 * The second factor: one code, typed. After a wrong one the reason stands above the next question, which tells how many
 * tries are left. Only after the first factor.
 */
export async function askCode(signIn: SignIn, ctx: KeyboardAuthContext): Promise<void> {
  const { proven } = signIn
  if (!proven) return signIn.refuse(ctx, ['publickey'])

  let instruction = ''
  for (let asked = 1; ; asked += 1) {
    const code = await prompt(ctx, instruction)
    // the client began something else, or answered another number of questions than it was asked
    if (code === undefined) return
    const admitted: Result<Admitted, Refusal> = code === '' ? emptyCode : await signIn.host.admit(proven, code).catch(() => cannotAsk)
    if (admitted.ok) {
      signIn.admitted = admitted.value
      return ctx.accept()
    }
    const { error } = admitted
    if (error.final || asked === codesPerExchange) return signIn.refuse(ctx, ['keyboard-interactive'], error)
    if (!signIn.countRefusal()) return signIn.close(`${error.say} ${tooOften}`)
    instruction = error.say
  }
}

const emptyCode = fail<Refusal>({ code: 'ssh.no_code', say: 'Type the code that your authenticator shows.' })

/** One hidden answer without its spaces; undefined when the exchange is over. An answer beyond any code's length is none. */
function prompt(ctx: KeyboardAuthContext, instruction: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    ctx.prompt([{ prompt: 'Code: ', echo: false }], '', instruction, (answers: unknown) => {
      if (!Array.isArray(answers)) return resolve(undefined)
      const answer: unknown = answers.length === 1 ? answers[0] : ''
      resolve(typeof answer === 'string' && answer.length <= longestAnswer ? answer.replace(/\s/g, '') : '')
    })
  })
}
