import type { Socket } from 'node:net'
import type { ClientChannel } from 'ssh2'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { connectSsh, pinnedHostKey, type SshConnection, type SshFailure } from '../../platform/ssh/index.ts'
import type { Dial } from '../../targets/contract.ts'
import type { LiveSession } from '../contract.ts'
import type { Ask } from './ask.ts'
import { shareFairly } from './fairness.ts'
import type { Limits } from './limits.ts'
import { releaseWritten } from './release-written.ts'
import { quietly, sendSignal } from './ssh2-internals.ts'

/** The target's end of one session: logged in, and the shell or command started. */
export interface Upstream {
  /** To read from, and to hear its end of. Written to through the functions below, which bear a target that is just going away. */
  channel: ClientChannel
  socket: Socket
  write(bytes: Buffer): void
  /** False when the person should be held back until `channel` or `socket` drains. */
  hasRoom(): boolean
  eof(): void
  resize(columns: number, rows: number): void
  /** `name` without SIG. */
  signal(name: string): void
  /** Logs out in the ordinary way. */
  close(): Promise<void>
  /** Whether its connection ended because nothing was heard of the target any more. */
  lost(): boolean
  /** Ends it at once; nothing that is on its way arrives. */
  cut(): void
}

/** Why there is no way to the target: for the person, and for the outcome entry. */
export interface NoWay {
  reason: 'target_failed' | 'target_impostor'
  /** The target is there and did not take the credential. */
  loginRefused?: true
  say: string
  detail: string
}

/**
 * Connects to the target of a session, lets it prove the pinned host key, logs in with the released credential and starts
 * what the person asked for. The credential is wiped as soon as the login is decided, whichever way. `signal` gives up.
 */
export async function reachTarget(live: LiveSession, ask: Ask, deps: ReachDeps): Promise<Result<Upstream, NoWay>> {
  const reached = await logIn(live, deps)
  if (!reached.ok) return reached
  const { connection, socket } = reached.value
  const drop = () => void socket.destroy()
  deps.signal.addEventListener('abort', drop)
  const started = await start(connection, ask).finally(() => deps.signal.removeEventListener('abort', drop))
  if (!started.ok) {
    drop()
    return fail(explain(started.error, live.target.host))
  }
  return ok(upstream(started.value, socket, connection))
}

export interface ReachDeps {
  dial: Dial
  limits: Limits
  signal: AbortSignal
}

/** The same up to the login: nothing is started there yet. */
export async function logIn(
  live: LiveSession,
  { dial, limits, signal }: ReachDeps,
): Promise<Result<{ connection: SshConnection; socket: Socket }, NoWay>> {
  const { account, credential } = live.login
  const { host, port, identity } = live.target
  const hostKey = pinnedHostKey(identity)
  let socket: Socket | undefined
  const drop = () => socket?.destroy()
  signal.addEventListener('abort', drop)
  try {
    if (signal.aborted) return fail({ reason: 'target_failed', say: '', detail: 'given up' })
    if (!hostKey) return fail({ reason: 'target_failed', say: noHostKey, detail: 'no pinned host key' })
    const dialled: Dial = async (...to) => {
      const answer = await dial(...to)
      if (answer.ok) socket = answer.value
      if (signal.aborted) drop()
      return answer
    }
    const connected = await credential.secret.use('log-in-to-target', (bytes) =>
      connectSsh(
        dialled,
        { host, port, hostKey },
        { user: account, proof: { kind: credential.kind, bytes, certificate: credential.certificate } },
        { connectMs: limits.targetMs, loginMs: limits.targetMs, silenceMs: limits.silenceMs },
      ),
    )
    if (!connected.ok) return fail(explain(connected.error, live.target.host, credential.certificate !== undefined))
    if (!socket) throw new Error('a connection without a socket')
    shareFairly(socket, limits.bytesPerTurn)
    releaseWritten(socket)
    return ok({ connection: connected.value, socket })
  } finally {
    // a no-op after `use`; it counts when nothing was tried at all
    credential.secret.wipe()
    signal.removeEventListener('abort', drop)
  }
}

/** What waits in the socket to the target, which may promise any window and then not read. */
const socketBytes = 1024 * 1024

function upstream(channel: ClientChannel, socket: Socket, connection: SshConnection): Upstream {
  return {
    channel,
    socket,
    write: (bytes) => quietly(() => channel.write(bytes)),
    hasRoom: () => !channel.writableNeedDrain && socket.writableLength <= socketBytes,
    eof: () => quietly(() => channel.end()),
    resize: (columns, rows) => quietly(() => channel.setWindow(rows, columns, 0, 0)),
    signal: (name) => sendSignal(channel, name),
    close: () => connection.close(),
    lost: () => connection.lost,
    cut: () => void socket.destroy(),
  }
}

function start(connection: SshConnection, { how, terminal, env }: Ask) {
  if (how.kind === 'files' && how.command === undefined) return connection.openSftp()
  return how.kind === 'shell' || how.command === undefined
    ? connection.openShell(terminal, env)
    : connection.openExec(how.command, terminal, env)
}

const noHostKey = 'No host key is pinned for this target. Ask an administrator to identify it first.'

function explain(failure: SshFailure, host: string, byCertificate = false): NoWay {
  if (failure.code === 'ssh.impostor') {
    return {
      reason: 'target_impostor',
      say: 'The target presented another host key than the one that is pinned. Nothing was sent to it. Tell your security officers.',
      detail: `expected ${failure.expected}, presented ${failure.presented}`,
    }
  }
  return {
    reason: 'target_failed',
    ...(failure.code === 'ssh.login_refused' && { loginRefused: true }),
    say: sayFailure(failure.code, host, byCertificate),
    detail: `${failure.code}: ${failure.detail}`,
  }
}

function sayFailure(code: Exclude<SshFailure['code'], 'ssh.impostor'>, host: string, byCertificate: boolean): string {
  if (code === 'ssh.login_refused' && byCertificate)
    return 'The target refused our certificate. Does it trust our SSH authority, and is its clock right? Ask an administrator: claviger ssh-ca trust TARGET'
  if (code === 'ssh.login_refused') return 'The target refused the credential from the vault. Ask an administrator to rotate it.'
  if (code === 'ssh.unreachable') return `The target at ${host} cannot be reached. Try again, or ask whoever runs it.`
  if (code === 'ssh.timeout') return `The target at ${host} did not answer in time. Try again, or ask whoever runs it.`
  return 'The target did not speak SSH as expected. Ask whoever runs it.'
}
