import type { Connection, ServerChannel, Session } from 'ssh2'
import { within } from '../../kernel/within.ts'
import { type PersonInput, personInput } from './person-input.ts'
import { type PersonWriter, personWriter } from './person-writer.ts'
import { closeChannel, type Exit, holdClose, sendEof, sendExit, socketOf } from './ssh2-internals.ts'
import { readSize, type Terminal } from './terminal.ts'

/** A client that does not take our last sentence within this time does not get it. */
export const lastWordsMs = 1000

/** The person's end of one session: what they type, what they see, and whether they are still there. */
export interface Person {
  readonly terminal: Terminal | undefined
  readonly input: PersonInput
  readonly writer: PersonWriter
  /** A sentence of the door's own. On stderr, so that the output of a command stays clean; in a shell on the screen. */
  say(sentence: string): void
  /** Bytes of the door's own in the same place, as they are. */
  show(text: string): void
  onGone(callback: () => void): void
  readonly gone: boolean
  /** The newest size is told at once when there was a change before. */
  onResize(callback: (columns: number, rows: number) => void): void
  /** Signals without SIG; those before somebody listens are forgotten. */
  onSignal(callback: (name: string) => void): void
  /** The target has said all it will say; what it did say was handed over. */
  eof(): void
  /** Passes on how it ended and closes the channel. Does not wait for a client that reads nothing. */
  leave(exit: Exit): Promise<void>
}

export function createPerson(
  { connection, session, channel }: { connection: Connection; session: Session; channel: ServerChannel },
  { kind, terminal }: { kind: 'shell' | 'exec' | 'files'; terminal: Terminal | undefined },
): Person {
  const writer = personWriter(channel, socketOf(connection))
  const input = personInput(channel, { terminal: terminal !== undefined })
  const place = kind === 'shell' && terminal ? 'out' : 'err'
  const newline = terminal ? '\r\n' : '\n'
  let gone = false
  let leaving: (() => void)[] = []

  const left = () => {
    if (gone) return
    gone = true
    connection.removeListener('end', left).removeListener('close', left)
    for (const callback of leaving) callback()
    leaving = []
  }
  let saidEof = false
  session.once('close', () => {
    // who closes after our EOF has seen everything and waits for the exit status: still there
    if (saidEof && !gone) holdClose(channel)
    else left()
  })
  connection.once('end', left).once('close', left)
  // a stream that is written to after its client went away says so by an error, and an error nobody hears ends the process
  channel.on('error', left)
  channel.stderr.on('error', left)

  let resized: { columns: number; rows: number } | undefined
  let onResize: (columns: number, rows: number) => void = () => {}
  session.on('window-change', (_accept, _reject, info) => {
    resized = readSize(info)
    onResize(resized.columns, resized.rows)
  })
  let onSignal: (name: string) => void = () => {}
  session.on('signal', (accept, _reject, { name }) => {
    accept?.()
    onSignal(name)
  })

  const show = (text: string) => void writer.write(place, Buffer.from(text))
  return {
    terminal,
    input,
    writer,
    say: (sentence) => show(`${terminal ? '\r' : ''}${claviger(sentence, newline)}`),
    show,
    onGone(callback) {
      if (gone) callback()
      else leaving.push(callback)
    },
    get gone() {
      return gone
    },
    onResize(callback) {
      onResize = callback
      if (resized) callback(resized.columns, resized.rows)
    },
    onSignal(callback) {
      onSignal = callback
    },
    eof() {
      saidEof = true
      sendEof(channel)
    },
    async leave(exit) {
      await within(lastWordsMs, writer.flushed())
      sendExit(channel, exit)
      closeChannel(channel)
      left()
    },
  }
}

/** Names of people and targets stand in these sentences: what could move the cursor does not get through. */
export const claviger = (sentence: string, newline: string): string =>
  sentence
    .split('\n')
    .map((line) => `[claviger] ${line.replace(/\p{Cc}/gu, ' ')}${newline}`)
    .join('')
