import type { Connection, ServerChannel, Session } from 'ssh2'
import { scpCommand } from '../../protocols/scp/index.ts'
import type { Admitted } from '../contract.ts'
import { type Ask, commandRefused } from './ask.ts'
import { createPerson, type Person } from './person.ts'
import { type RunDeps, runSession, turnAway } from './run-session.ts'
import { mayPass, readTerminal, type Terminal } from './terminal.ts'

const noX11 = 'X11 forwarding is not carried by this gateway; the session goes on without it.'
const noAgent =
  'Agent forwarding is not carried by this gateway, so that nobody on the target can use your keys; the session goes on without it.'

/**
 * One session channel of an admitted person: collects what the client says about it, then starts a shell or a command.
 * Channels are accepted at once and fed later: when the client has already sent EOF, ssh2 cannot accept them any more.
 */
export function serveChannel(connection: Connection, session: Session, admitted: Admitted, deps: RunDeps): void {
  const { attempt } = admitted
  let terminal: Terminal | undefined
  const env: Record<string, string> = {}
  const notCarried = new Set<string>()

  const refuseLater = (sentence: string, what: string) => (_accept: unknown, reject?: () => void) => {
    reject?.()
    if (notCarried.has(sentence)) return
    notCarried.add(sentence)
    deps.host.refused(attempt, what)
  }
  session.on('x11', refuseLater(noX11, 'X11 forwarding'))
  session.on('auth-agent', refuseLater(noAgent, 'agent forwarding'))
  session.on('pty', (accept, _reject, info) => {
    terminal = readTerminal(info)
    accept?.()
  })
  session.on('env', (accept, reject, { key, val }) => {
    if (!mayPass(key, val)) return reject?.()
    env[key] = val
    accept?.()
  })

  const begin = (accept: () => ServerChannel | undefined, how: Ask['how']): { person: Person; ask: Ask } | undefined => {
    const channel = accept()
    if (!channel) return undefined
    const person = createPerson({ connection, session, channel }, { kind: how.kind, terminal })
    for (const sentence of notCarried) person.say(sentence)
    return { person, ask: { how, terminal, env } }
  }
  session.on('shell', (accept) => {
    const begun = begin(accept, { kind: 'shell' })
    if (begun) runSession(admitted, begun.ask, begun.person, deps)
  })
  session.on('exec', (accept, _reject, { command }) => {
    // with a terminal its bytes would not be what was sent
    const files = terminal === undefined && scpCommand(command) !== undefined
    const begun = begin(accept, { kind: files ? 'files' : 'exec', command })
    if (!begun) return
    const refused = commandRefused(command)
    if (refused) return void turnAway(begun.person, refused)
    runSession(admitted, begun.ask, begun.person, deps)
  })
  session.on('subsystem', (accept, _reject, { name }) => {
    const begun = begin(accept, { kind: 'files' })
    if (!begun) return
    if (name === 'sftp') return runSession(admitted, begun.ask, begun.person, deps)
    deps.host.refused(attempt, 'an unknown subsystem')
    void turnAway(begun.person, 'This subsystem is not carried by this gateway. Use a shell, a command or SFTP.')
  })
}
