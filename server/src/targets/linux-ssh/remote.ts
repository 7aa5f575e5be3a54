import { ok } from '../../kernel/result.ts'
import { connectSsh, pinnedHostKey, type SshConnection } from '../../platform/ssh/index.ts'
import type { Dial, Login, PinnedIdentity } from '../contract.ts'
import { type Answer, fromSsh, notPermitted, protocol } from './failures.ts'
import { afterBeginning, commandFor, type Power, type Script, script } from './script.ts'
import type { LinuxSshSettings } from './settings.ts'

/** A host on which we are logged in. */
export interface Remote {
  /** Who we are there, as the host says it. */
  me: { name: string; uid: number }
  /** As whom `run` runs unless told. */
  power: Power
  run(what: Script, stdin?: string | Uint8Array, options?: RunOptions): Promise<Answer<Ran>>
}

export interface RunOptions {
  power?: Power
  /** Handed to the script as `$1`. */
  inner?: Script
  /** Bytes of output at most; 1 MiB unless told. */
  mostOutput?: number
  timeoutMs?: number
}

export interface Ran {
  status: number
  stdout: Buffer
  /** Never shown as it is: it may repeat what a program was given. */
  stderr: string
}

const whoAmI = script('id -un; id -u;')

/** Logs in as `as`, having seen the pinned host key. The credential is lent, not wiped: the caller owns it. */
export async function logIn(target: LinuxSshSettings, identity: PinnedIdentity, as: Login, dial: Dial): Promise<Answer<SshConnection>> {
  const hostKey = pinnedHostKey(identity)
  if (!hostKey) return protocol('no host key is pinned for this target')
  const { kind, secret, certificate } = as.credential
  const connected = await secret.lend('log-in-to-target', (bytes) =>
    connectSsh(dial, { host: target.host, port: target.port, hostKey }, { user: as.account, proof: { kind, bytes, certificate } }),
  )
  return connected.ok ? connected : fromSsh(connected.error, as.account)
}

/** Logs in, finds out who we are there, lets `work` work, and logs out, whatever it came to. */
export async function onHost<T>(
  target: LinuxSshSettings,
  identity: PinnedIdentity,
  as: Login,
  dial: Dial,
  work: (remote: Remote) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const connected = await logIn(target, identity, as, dial)
  if (!connected.ok) return connected
  const connection = connected.value
  try {
    const remote = await remoteOf(connection, target, as.account)
    return remote.ok ? await work(remote.value) : remote
  } finally {
    await connection.close()
  }
}

export async function remoteOf(connection: SshConnection, target: LinuxSshSettings, account: string): Promise<Answer<Remote>> {
  const run = async (what: Script, stdin: string | Uint8Array = '', options: RunOptions & { power: Power }): Promise<Answer<Ran>> => {
    const { power, inner, mostOutput, timeoutMs } = options
    const done = await connection.exec(commandFor(power, what, inner), {
      stdin: typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin,
      ...(mostOutput !== undefined && { mostOutput }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
    if (!done.ok) return fromSsh(done.error, account)
    const stdout = afterBeginning(done.value.stdout)
    const stderr = done.value.stderr.toString('utf8')
    if (!stdout)
      return notPermitted(`${power === 'sudo' ? 'sudo refused' : 'the account runs no commands'}: ${stderr || done.value.stdout}`)
    if (done.value.status === undefined) return protocol(`a command was ended by ${done.value.signal}`)
    return ok({ status: done.value.status, stdout, stderr })
  }
  const who = await run(whoAmI, '', { power: 'own' })
  if (!who.ok) return who
  const [name = '', uid = ''] = who.value.stdout.toString('utf8').split('\n')
  if (!name || !/^\d{1,10}$/.test(uid)) return protocol('the host does not say who we are')
  const power = uid === '0' ? 'root' : target.sudo ? 'sudo' : 'own'
  return ok({ me: { name, uid: Number(uid) }, power, run: (what, stdin, options = {}) => run(what, stdin, { power, ...options }) })
}
