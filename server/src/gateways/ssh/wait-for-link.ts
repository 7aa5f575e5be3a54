import type { KeyboardAuthContext } from 'ssh2'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { OfferedLink, Refusal } from '../contract.ts'
import { cannotAsk, type SignIn } from './sign-in.ts'
import { sendBanner } from './ssh2-internals.ts'

const oneIsEnough = fail<Refusal>({ code: 'ssh.one_link', say: 'This connection had its link already. Connect again.', final: true })

/**
 * Shows the link and its number, and waits until the person confirmed it in the console: the verdict on *keyboard-interactive* is held back, and nothing has to be
 * typed. It is shown as a banner, which clients print at once; those that answer a request without a question by themselves do not show that request to
 * anybody. Undefined when the client began something else, or is gone.
 */
export async function waitForLink(signIn: SignIn, ctx: KeyboardAuthContext): Promise<Result<void, Refusal> | undefined> {
  const { host, attempt, connection, client, proven } = signIn
  if (!signIn.wait()) return oneIsEnough
  const left = new AbortController()
  const leave = () => left.abort()
  ctx.once('abort', leave)
  connection.once('close', leave)
  try {
    const offered = await host.offerLink(attempt, client, proven).catch(() => cannotAsk)
    if (!offered.ok) return offered
    for (const line of wordsFor(offered.value)) sendBanner(connection, `[claviger] ${line}`)
    const admitted = await offered.value.confirmed(left.signal).catch(() => cannotAsk)
    if (left.signal.aborted) return undefined
    if (!admitted.ok) return admitted
    signIn.admitted = admitted.value
    return ok(undefined)
  } finally {
    ctx.removeListener('abort', leave)
    connection.removeListener('close', leave)
  }
}

const wordsFor = ({ url, number, seconds }: OfferedLink): readonly string[] => [
  `Open ${url} in a browser where you are signed in,`,
  `and type the number ${number} there. This waits ${seconds / 60} minutes, and goes on by itself.`,
]
