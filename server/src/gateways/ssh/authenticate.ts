import type { AuthContext, Connection } from 'ssh2'
import type { Admitted, SessionHost } from '../contract.ts'
import type { GatewayLog } from '../door/log.ts'
import { parseUserName } from '../door/user-name.ts'
import { askInTurn } from './ask-in-turn.ts'
import { takePassword } from './check-password.ts'
import type { Limits } from './limits.ts'
import { type KnownKeys, proveKey } from './prove-key.ts'
import { cannotAsk, createSignIn, type SignIn } from './sign-in.ts'
import { disconnect, disconnectReason, sendBanner, socketOf } from './ssh2-internals.ts'
import { methodsFor, type Steps } from './steps.ts'

export interface AuthenticateDeps {
  host: SessionHost
  log: GatewayLog
  limits: Pick<Limits, 'attempts'>
  accepted: readonly Steps[]
}

/** One connection at the door. */
export interface Visit {
  /** `ip:port` */
  from: string
  /** What the client calls itself. */
  client: string
  /** Gives it the time that a link takes; false where it had that already. */
  wait(): boolean
}

const words = { code: 'ssh.user_name_malformed', example: 'ssh alice@deploy@web01@this-host' }

/**
 * Lets a person in by what the operator chose: key and code, a certificate that was issued after both, password and code, all three, or a link. The order
 * is fixed: nothing is looked at before its turn, and a code or a link comes last. `signedIn` is called once, when everything is there.
 */
export function authenticate(
  connection: Connection,
  { from, client, wait }: Visit,
  deps: AuthenticateDeps,
  signedIn: (admitted: Admitted) => void,
): void {
  const known: KnownKeys = new Map()
  let signIn: SignIn | 'malformed' | undefined

  const begin = (name: string): SignIn | 'malformed' => {
    const parsed = parseUserName(name, words)
    if (parsed.ok) return createSignIn(connection, deps.host, { door: 'ssh', ...parsed.value, from }, { ...deps, client, wait })
    deps.host.malformed('ssh', from, 'malformed user name')
    sendBanner(connection, `[claviger] ${parsed.error.say}`)
    disconnect(connection, disconnectReason.protocolError, parsed.error.say)
    return 'malformed'
  }

  connection.on('authentication', (ctx) => {
    signIn ??= begin(ctx.username)
    if (signIn === 'malformed') return
    const person = signIn
    answer(person, ctx, known).catch((error: unknown) => {
      // ssh2 throws at a client that has gone meanwhile: then there is nobody to answer, and nothing is wrong
      if (!socketOf(connection).writable) return
      deps.log.error({ error, from }, 'a sign-in could not be answered')
      person.close(cannotAsk.error.say)
    })
  })
  connection.once('ready', () => {
    const admitted = typeof signIn === 'object' ? signIn.admitted : undefined
    if (admitted) signedIn(admitted)
    else disconnect(connection, disconnectReason.protocolError, cannotAsk.error.say)
  })
}

async function answer(signIn: SignIn, ctx: AuthContext, known: KnownKeys): Promise<void> {
  if (ctx.method === 'none') return ctx.reject([...methodsFor(signIn.next())])
  if (ctx.method === 'publickey') return proveKey(signIn, ctx, known)
  if (ctx.method === 'keyboard-interactive') return askInTurn(signIn, ctx)
  if (ctx.method === 'password') return takePassword(signIn, ctx)
  signIn.host.refused(signIn.attempt, `sign-in by ${ctx.method}`)
  signIn.refuse(ctx, { code: 'ssh.method', say: `This is not how to come in here. ${signIn.how}` })
}
