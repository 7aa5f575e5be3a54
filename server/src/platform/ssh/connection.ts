import type { Client, ClientChannel, PseudoTtyOptions } from 'ssh2'
import { ok } from '../../kernel/result.ts'
import { collect, type ExecOptions, type Executed } from './exec.ts'
import { type Outcome, protocol, unreachable } from './failures.ts'
import { type Endpoint, type Listening, listening } from './listening.ts'

/** A terminal as the person's client describes it. */
export interface Terminal {
  /** `xterm-256color` */
  name: string
  columns: number
  rows: number
  /** Terminal modes (RFC 4254 section 8) by ssh2's names, as the client sent them. */
  modes?: PseudoTtyOptions['modes']
}

/** Environment variables to ask for; a server takes those that it accepts and says nothing about the others. */
export type Environment = Readonly<Record<string, string>>

/** A connection on which we are logged in. Whoever got it closes it. */
export interface SshConnection extends Listening {
  /** Runs one command to its end. Build `command` from constants only; data belongs on stdin. */
  exec(command: string, options?: ExecOptions): Promise<Outcome<Executed>>
  /**
   * Opens a shell, interactive with a terminal. Its status comes with the channel's `close` event, once all output was
   * read; `exit` may have passed before anybody listens.
   */
  openShell(terminal?: Terminal, env?: Environment): Promise<Outcome<ClientChannel>>
  /** Starts a command and hands out its channel, for relaying. With a terminal, stderr is part of its output. */
  openExec(command: string, terminal?: Terminal, env?: Environment): Promise<Outcome<ClientChannel>>
  /** Starts the subsystem `sftp` and hands out its channel as bytes, for relaying. */
  openSftp(): Promise<Outcome<ClientChannel>>
  /** Has the server connect to `to`, and hands out that connection. `from` is what the server is told about who wants it. */
  openForward(from: Endpoint, to: Endpoint): Promise<Outcome<ClientChannel>>
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>
  /** Whether it is gone because nothing was heard of the server any more. */
  readonly lost: boolean
  /** Logs out and waits until the connection is gone. Safe to repeat. */
  close(): Promise<void>
}

/** Milliseconds that a server gets to close its side before we drop the connection. */
const politeMs = 1_000

export function connection(client: Client, closed: Promise<void>, lost: () => boolean): SshConnection {
  let gone = false
  void closed.then(() => {
    gone = true
  })
  const open = (start: (done: (error: Error | undefined, channel: ClientChannel) => void) => void): Promise<Outcome<ClientChannel>> =>
    new Promise((resolve) => {
      const lost = unreachable('the connection was closed')
      void closed.then(() => resolve(lost))
      if (gone) return
      try {
        start((error, channel) => resolve(error ? protocol(`the target opened no channel: ${error.message}`) : ok(channel)))
      } catch {
        // ssh2 throws "Not connected" between the socket's end and its close
        resolve(lost)
      }
    })
  const pty = ({ name: term, columns: cols, rows, modes }: Terminal) => ({ term, cols, rows, ...(modes && { modes }) })
  const openExec: SshConnection['openExec'] = (command, terminal, env = {}) =>
    open((done) => client.exec(command, { env: { ...env }, ...(terminal && { pty: pty(terminal) }) }, done))

  return {
    openExec,
    openShell: (terminal, env = {}) => open((done) => client.shell(terminal ? pty(terminal) : false, { env: { ...env } }, done)),
    openSftp: () => open((done) => client.subsys('sftp', done)),
    openForward: (from, to) => open((done) => client.forwardOut(from.host, from.port, to.host, to.port, done)),
    ...listening(client, closed),
    async exec(command, options = {}) {
      const channel = await openExec(command)
      return channel.ok ? collect(channel.value, options) : channel
    },
    closed,
    get lost() {
      return lost()
    },
    async close() {
      if (gone) return
      const impatient = setTimeout(() => client.destroy(), politeMs)
      client.end()
      await closed
      clearTimeout(impatient)
    },
  }
}
