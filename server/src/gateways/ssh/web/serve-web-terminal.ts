import type { Socket } from 'node:net'
import { z } from 'zod'
import { Secret } from '../../../kernel/secret.ts'
import { encodeFrame, type Frame, FrameReader } from '../../../protocols/web-terminal/index.ts'
import type { Attempt } from '../../contract.ts'
import { parseUserName } from '../../door/user-name.ts'
import { notTheCommand } from '../endings.ts'
import { claviger } from '../person.ts'
import { type RunDeps, runSession } from '../run-session.ts'
import { readSize } from '../terminal.ts'
import { createWebPerson, type WebPerson } from './web-person.ts'

const hello = z.strictObject({
  user: z.string().max(256),
  ticket: z.string().min(1).max(256),
  columns: z.int().min(1).max(2000),
  rows: z.int().min(1).max(2000),
})
const words = { code: 'ssh.user_name_malformed', example: 'alice@deploy@web01' }

/**
 * A terminal of the console: the first frame says who comes, to where, and shows the connection ticket; from then on the session is one like
 * any other of this door. `admitted` is called when they are let in.
 */
export function serveWebTerminal(line: Socket, from: string, deps: RunDeps, admitted: () => void): void {
  const reader = new FrameReader()
  let begun = false
  let person: WebPerson | undefined
  const broken = (what: string) => {
    deps.host.malformed('ssh', from, what)
    line.destroy()
  }
  const begin = (frame: Frame) => {
    begun = true
    // nothing more is read until it is known who this is
    line.pause()
    letIn(line, from, frame, deps)
      .then((comer) => {
        if (!comer) return
        admitted()
        person = comer.person
        line.resume()
        comer.run()
      })
      .catch((error: unknown) => {
        deps.log.error({ error, from }, 'a terminal of the console could not be let in')
        turnAway(line, 'Claviger cannot check who you are right now. Try again in a moment; if it stays, tell your administrator.')
      })
  }
  line.on('data', (bytes: Buffer) => {
    const frames = reader.push(bytes)
    if (!frames) return broken('no frame of a terminal')
    for (const frame of frames) {
      if (!begun && frame.kind === 'hello') begin(frame)
      else if (!person?.take(frame)) return broken('a frame that does not come here')
    }
  })
  line.resume()
}

async function letIn(line: Socket, from: string, frame: Frame, deps: RunDeps) {
  const said = parseHello(frame.body)
  const name = said && parseUserName(said.user, words)
  if (!said || !name?.ok) {
    deps.host.malformed('ssh', from, 'malformed terminal of the console')
    turnAway(line, 'What came is no terminal of the console. Load the page again.')
    return undefined
  }
  const attempt: Attempt = { door: 'ssh', ...name.value, from, way: 'web' }
  const known = await deps.host.recogniseTicket(attempt, Secret.fromText(said.ticket))
  if (!known.ok) {
    turnAway(line, known.error.say)
    return undefined
  }
  const terminal = { name: 'xterm-256color', ...readSize({ cols: said.columns, rows: said.rows }), modes: {} as never }
  const person = createWebPerson(line, terminal)
  const { admitted, grant } = known.value
  const ask = { how: { kind: 'shell' as const }, terminal, env: {} }
  return { person, run: () => runSession(admitted, ask, person, deps, grant) }
}

function parseHello(body: Buffer) {
  try {
    const said = hello.safeParse(JSON.parse(body.toString('utf8')))
    return said.success ? said.data : undefined
  } catch {
    return undefined
  }
}

function turnAway(line: Socket, sentence: string): void {
  if (line.destroyed) return
  line.write(encodeFrame('output', claviger(sentence, '\r\n')))
  line.end(encodeFrame('over', JSON.stringify(notTheCommand)))
}
