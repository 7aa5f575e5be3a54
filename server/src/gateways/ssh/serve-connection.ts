import type { Connection } from 'ssh2'
import type { Admitted } from '../contract.ts'
import { watchIdle } from '../door/idle.ts'
import type { RunDeps } from './run-session.ts'
import { serveChannel } from './serve-channel.ts'
import { disconnect, disconnectReason, explainRefusedChannels } from './ssh2-internals.ts'

const noForwarding = 'port forwarding is not carried by this gateway; work in a session on the target'
const tooMany = 'too many sessions are open on this connection; close one first'

/**
 * What an admitted person may do on their connection: sessions, several at a time. Every kind of forwarding is refused with
 * a sentence and recorded. A connection on which no session was open for the idle time is closed.
 */
export function serveConnection(connection: Connection, admitted: Admitted, deps: RunDeps): void {
  const { host, limits, clock } = deps
  const { attempt } = admitted
  const open = new Set<object>()

  const unused = { stop: () => {} }
  const watchUnused = () => {
    const idle = () => disconnect(connection, disconnectReason.byApplication, 'No session was open on this connection for a while.')
    unused.stop = watchIdle(limits.idleMs, { clock, warn: () => {}, idle }).stop
  }
  watchUnused()
  connection.once('close', () => {
    unused.stop()
    open.clear()
  })

  explainRefusedChannels(connection, () => (open.size >= limits.sessionsPerConnection ? tooMany : noForwarding))
  const refuse = (what: string) => (_accept: unknown, reject?: () => void) => {
    host.refused(attempt, what)
    reject?.()
  }
  connection.on('tcpip', refuse('local port forwarding'))
  connection.on('openssh.streamlocal', refuse('local socket forwarding'))
  connection.on('request', (accept: unknown, reject: (() => void) | undefined, name: string) => {
    // a client that takes back what it asked for asks for nothing
    if (name.startsWith('cancel-')) return reject?.()
    refuse(name.startsWith('streamlocal') ? 'remote socket forwarding' : 'remote port forwarding')(accept, reject)
  })
  connection.on('session', (accept, reject) => {
    if (open.size >= limits.sessionsPerConnection) return reject()
    const session = accept()
    if (!session) return
    open.add(session)
    unused.stop()
    session.once('close', () => {
      if (open.delete(session) && open.size === 0) watchUnused()
    })
    serveChannel(connection, session, admitted, deps)
  })
}
