import type { KeyboardAuthContext } from 'ssh2'
import { fail, type Result } from '../../kernel/result.ts'
import type { Refusal } from '../contract.ts'
import { checkPassword, longestPassword } from './check-password.ts'
import { cannotAsk, type SignIn, tooOften } from './sign-in.ts'
import { waitForLink } from './wait-for-link.ts'

/** Wrong answers to one question in one exchange; a client may start another. */
const triesPerExchange = 3
const longestCode = 64

/**
 * What is typed: the password where it is asked for, then the code, each hidden; or nothing, where a link is to be confirmed instead. After a wrong one the reason stands above the next
 * question, which tells how many tries are left. The code is asked for only after the first factor.
 */
export async function askInTurn(signIn: SignIn, ctx: KeyboardAuthContext): Promise<void> {
  let instruction = ''
  let wrong = 0
  let over = false
  ctx.once('abort', () => {
    over = true
  })
  while (!over) {
    const next = signIn.next()
    const step = next.has('password') ? 'password' : next.has('code') ? 'code' : undefined
    if (!step && !next.has('link')) return signIn.refuse(ctx)
    const answer = step ? await prompt(ctx, next.has('link') ? `${step} or link` : step, instruction) : ''
    // the client began something else, or is gone
    if (answer === undefined) return
    const byLink = answer === '' && next.has('link')
    const checked = byLink
      ? await waitForLink(signIn, ctx)
      : step === 'password'
        ? await checkPassword(signIn, answer)
        : await checkCode(signIn, answer)
    if (!checked) return
    if (checked.ok) {
      if (signIn.admitted) return ctx.accept()
      instruction = ''
      wrong = 0
      continue
    }
    const { error } = checked
    wrong += 1
    if (error.final || wrong === triesPerExchange) return signIn.refuse(ctx, error)
    if (!signIn.countRefusal()) return signIn.close(`${error.say} ${tooOften}`)
    instruction = error.say
  }
}

async function checkCode(signIn: SignIn, typed: string): Promise<Result<void, Refusal>> {
  const code = typed.length <= longestCode ? typed.replace(/\s/g, '') : ''
  if (code === '' || !signIn.proven) return emptyCode
  const admitted = await signIn.host.admit(signIn.proven, code).catch(() => cannotAsk)
  if (!admitted.ok) return admitted
  signIn.admitted = admitted.value
  return { ok: true, value: undefined }
}

const emptyCode = fail<Refusal>({ code: 'ssh.no_code', say: 'Type the code that your authenticator shows.' })

const questions = {
  password: 'Password: ',
  code: 'Code: ',
  'password or link': 'Password, or nothing for a link: ',
  'code or link': 'Code, or nothing for a link: ',
} as const
const longestAnswer = Math.max(longestCode, longestPassword)

/** One hidden answer; undefined when the exchange is over. Another number of answers than one, and what is longer than any answer, is none. */
function prompt(ctx: KeyboardAuthContext, what: keyof typeof questions, instruction: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    ctx.prompt([{ prompt: questions[what], echo: false }], '', instruction, (answers: unknown) => {
      if (!Array.isArray(answers)) return resolve(undefined)
      const answer: unknown = answers.length === 1 ? answers[0] : ''
      resolve(typeof answer === 'string' && answer.length <= longestAnswer ? answer : '')
    })
  })
}
