import type { Connection } from 'ssh2'
import type { Admitted } from '../contract.ts'
import { watchIdle } from '../door/idle.ts'
import { serveForwards } from './forward/serve-forwards.ts'
import type { RunDeps } from './run-session.ts'
import { serveChannel } from './serve-channel.ts'
import { disconnect, disconnectReason, explainRefusedChannels } from './ssh2-internals.ts'

const noSockets = 'sockets of files are not forwarded by this gateway; forward a port, or work in a session on the target'
const tooMany = 'too many sessions are open on this connection; close one first'

/** A connection on which nobody opens a session is closed after so long. */
const unusedMs = 15 * 60_000

/**
 * What an admitted person may do on their connection: sessions, several at a time, and connections that policy lets
 * them forward. Sockets of files are refused with a sentence and recorded. A connection on which no session was open for the idle time is closed.
 */
export function serveConnection(connection: Connection, admitted: Admitted, deps: RunDeps): void {
  const { host, limits, clock } = deps
  const { attempt } = admitted
  const open = new Set<object>()

  const unused = { stop: () => {} }
  const watchUnused = () => {
    const idle = () => disconnect(connection, disconnectReason.byApplication, 'No session was open on this connection for a while.')
    unused.stop = watchIdle(Math.min(limits.idleMs, unusedMs), { clock, warn: () => {}, idle }).stop
  }
  watchUnused()
  connection.once('close', () => {
    unused.stop()
    open.clear()
  })

  let why = noSockets
  explainRefusedChannels(connection, () => (why === noSockets && open.size >= limits.sessionsPerConnection ? tooMany : why))
  const forwarding = {}
  const forwards = serveForwards(connection, admitted, deps, (inUse) => {
    if (inUse) {
      open.add(forwarding)
      return unused.stop()
    }
    if (open.delete(forwarding) && open.size === 0) watchUnused()
  })
  const refuse = (what: string) => (_accept: unknown, reject?: () => void) => {
    host.refused(attempt, what)
    reject?.()
  }
  connection.on('tcpip', (accept, reject, info) => {
    const because = (sentence: string) => {
      why = sentence
      reject()
      why = noSockets
    }
    forwards.local(accept, because, info)
  })
  connection.on('openssh.streamlocal', refuse('local socket forwarding'))
  connection.on('request', (accept, reject, asked, info) => {
    const name: string = asked
    if (name === 'tcpip-forward')
      return forwards.remote(
        (port) => accept?.(port),
        () => reject?.(),
        info,
      )
    if (name === 'cancel-tcpip-forward') {
      forwards.noLonger(info)
      return accept?.()
    }
    // a client that takes back what it asked for asks for nothing
    if (name.startsWith('cancel-')) return reject?.()
    refuse('remote socket forwarding')(accept, reject)
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
