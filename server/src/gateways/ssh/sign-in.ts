import type { AuthContext, Connection } from 'ssh2'
import { fail } from '../../kernel/result.ts'
import type { Admitted, Attempt, Recognised, Refusal, SessionHost } from '../contract.ts'
import type { Limits } from './limits.ts'
import { disconnect, disconnectReason, sendBanner } from './ssh2-internals.ts'
import { howToSignIn, methodsFor, nextSteps, type Step, type Steps } from './steps.ts'

/** One connection on its way in: who it says it is, what it has proven, and how often it was refused. */
export interface SignIn {
  readonly connection: Connection
  readonly host: SessionHost
  readonly attempt: Attempt
  /** What the client calls itself. */
  readonly client: string
  /** From now on it has the time that a link takes, once; false where it had that before. */
  wait(): boolean
  /** What was recognised so far: the first factors. */
  readonly proven: Recognised | undefined
  /** What may be shown next. Nothing else is looked at. */
  next(): ReadonlySet<Step>
  /** One more was shown and is right; false when it is not its turn, or it is somebody else's than those before. */
  shown(step: Step & ('key' | 'password'), by: Recognised): boolean
  /** Says that more has to be shown. */
  goOn(ctx: AuthContext): void
  /** Everything was shown. */
  admitted: Admitted | undefined
  /** "Sign in with …", of what is accepted. */
  readonly how: string
  /** Says no to one request of the client, counts it, and closes the connection when it was one too many. */
  refuse(ctx: AuthContext, refusal?: Refusal): void
  /** Counts one refusal; false when it was one too many. */
  countRefusal(): boolean
  /** Says why and closes the connection. */
  close(sentence: string): void
}

export interface SignInRules {
  client: string
  wait(): boolean
  limits: Pick<Limits, 'attempts'>
  /** What lets somebody in. */
  accepted: readonly Steps[]
}

export function createSignIn(
  connection: Connection,
  host: SessionHost,
  attempt: Attempt,
  { limits, accepted, client, wait }: SignInRules,
): SignIn {
  let refusals = 0
  let proven: Recognised | undefined
  const done: Step[] = []
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
  const next = () => nextSteps(accepted, done)
  const methods = () => [...methodsFor(next())]
  return {
    ...{ connection, host, attempt, client, wait, next, countRefusal, close },
    admitted: undefined,
    how: howToSignIn(accepted),
    get proven() {
      return proven
    },
    shown(step, by) {
      // what a client says while an earlier answer is on its way may come too late
      if (!next().has(step) || (proven && proven.person !== by.person)) return false
      done.push(step)
      proven = { ...by, shown: done.filter((one) => one === 'key' || one === 'password') }
      return true
    },
    goOn: (ctx) => ctx.reject(methods(), true),
    refuse(ctx, refusal) {
      const mayGoOn = countRefusal()
      if (refusal?.final) return close(refusal.say)
      if (!mayGoOn) return close(`${refusal ? `${refusal.say} ` : ''}${tooOften}`)
      if (refusal) tell(refusal.say)
      ctx.reject(methods())
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
