import type { AuthContext, Connection } from 'ssh2'
import { fail } from '../../kernel/result.ts'
import type { Admitted, Attempt, Recognised, Refusal, SessionHost } from '../contract.ts'
import type { Limits } from './limits.ts'
import { disconnect, disconnectReason, sendBanner } from './ssh2-internals.ts'

type Method = 'publickey' | 'keyboard-interactive'

/** One connection on its way in: who it says it is, what it has proven, and how often it was refused. */
export interface SignIn {
  readonly connection: Connection
  readonly host: SessionHost
  readonly attempt: Attempt
  /** The key was recognised and its signature checked: the first factor. */
  proven: Recognised | undefined
  /** The second factor too. */
  admitted: Admitted | undefined
  /** Says no to one request of the client, counts it, and closes the connection when it was one too many. */
  refuse(ctx: AuthContext, methods: readonly Method[], refusal?: Refusal): void
  /** Counts one refusal; false when it was one too many. */
  countRefusal(): boolean
  /** Says why and closes the connection. */
  close(sentence: string): void
}

export function createSignIn(connection: Connection, host: SessionHost, attempt: Attempt, limits: Pick<Limits, 'attempts'>): SignIn {
  let refusals = 0
  const told = new Set<string>()

  /** Once each: a client that offers five keys need not hear five times that it is not known. */
  const tell = (sentence: string) => {
    if (told.has(sentence)) return
    told.add(sentence)
    sendBanner(connection, `[claviger] ${printable(sentence)}`)
  }
  const close = (sentence: string) => {
    tell(sentence)
    disconnect(connection, disconnectReason.noMoreMethods, printable(sentence))
  }
  const countRefusal = () => ++refusals < limits.attempts
  return {
    connection,
    host,
    attempt,
    proven: undefined,
    admitted: undefined,
    countRefusal,
    close,
    refuse(ctx, methods, refusal) {
      const mayGoOn = countRefusal()
      if (refusal?.final) return close(refusal.say)
      if (!mayGoOn) return close(`${refusal ? `${refusal.say} ` : ''}${tooOften}`)
      if (refusal) tell(refusal.say)
      ctx.reject([...methods])
    },
  }
}

export const tooOften = 'Too many attempts on this connection. Connect again; with many keys, name the right one with ssh -i.'

/** Sentences reach a terminal before anything else is agreed on. */
const printable = (sentence: string): string => sentence.replace(/\p{Cc}/gu, ' ')

/** What the door answers when the rest of the server cannot be asked: no. */
export const cannotAsk = fail<Refusal>({
  code: 'ssh.cannot_ask',
  say: 'Claviger cannot check who you are right now. Try again in a moment; if it stays, tell your administrator.',
  final: true,
})
