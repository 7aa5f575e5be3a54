import type { Socket } from 'node:net'
import { within } from '../../../kernel/within.ts'
import { encodeFrame, type Frame, longestBody } from '../../../protocols/web-terminal/index.ts'
import { claviger, lastWordsMs, type Person } from '../person.ts'
import type { PersonInput } from '../person-input.ts'
import type { PersonWriter } from '../person-writer.ts'
import { readSize, type Terminal } from '../terminal.ts'

/** What waits here for the browser to take it; beyond it the target is held back. */
const waitingBytes = 256 * 1024
/** What is handed to the connection ahead: what is discarded at the end of a session must not lie there. */
const aheadBytes = 64 * 1024
/** What was typed and waits for the target. Beyond it nothing more is read. */
const typedBytes = 64 * 1024

/** The same person as behind SSH's channel, when they sit in the console: their frames in the place of its messages. */
export interface WebPerson extends Person {
  /** What comes from the browser's side; false when it is nothing that comes at this place. */
  take(frame: Frame): boolean
}

export function createWebPerson(line: Socket, terminal: Terminal): WebPerson {
  const writer = webWriter(line)
  const typed = webInput(line)
  let gone = false
  let leaving: (() => void)[] = []
  const left = () => {
    if (gone) return
    gone = true
    for (const callback of leaving) callback()
    leaving = []
  }
  line.once('close', left).once('end', left)
  if (line.destroyed || line.readableEnded) left()

  let resized: { columns: number; rows: number } | undefined
  let onResize: (columns: number, rows: number) => void = () => {}
  const show = (text: string) => void writer.write('out', Buffer.from(text))
  return {
    terminal,
    input: typed.input,
    writer,
    say: (sentence) => show(`\r${claviger(sentence, '\r\n')}`),
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
    // a browser has no signals but those that the terminal makes of keys
    onSignal() {},
    // it is told how it ended, and that is the end
    eof() {},
    async leave(exit) {
      await within(lastWordsMs, writer.flushed())
      if (!line.destroyed) line.end(encodeFrame('over', JSON.stringify(exit)))
      left()
    },
    take({ kind, body }) {
      if (kind === 'input') typed.take(body)
      else if (kind === 'resize') {
        const size = sizeIn(body)
        if (!size) return false
        resized = size
        onResize(size.columns, size.rows)
      } else return false
      return true
    },
  }
}

function sizeIn(body: Buffer): { columns: number; rows: number } | undefined {
  try {
    const { columns, rows } = JSON.parse(body.toString('utf8')) as { columns?: unknown; rows?: unknown }
    return Number.isInteger(columns) && Number.isInteger(rows) ? readSize({ cols: columns as number, rows: rows as number }) : undefined
  } catch {
    return undefined
  }
}

/** Typed bytes wait here while they may not pass; what is said about the window, and that somebody has gone, is heard all the same. */
function webInput(line: Socket): { input: PersonInput; take(bytes: Buffer): void } {
  const waiting: Buffer[] = []
  let waitingCount = 0
  let held = true
  let interrupted: () => void = () => {}
  let onData: ((bytes: Buffer) => void) | undefined
  const pass = () => {
    while (!held && onData) {
      const next = waiting.shift()
      if (!next) break
      waitingCount -= next.length
      onData(next)
    }
    if (waitingCount <= typedBytes) line.resume()
  }
  return {
    take(bytes) {
      waiting.push(bytes)
      waitingCount += bytes.length
      if (!onData && bytes.includes(0x03)) interrupted()
      pass()
      if (waitingCount > typedBytes) line.pause()
    },
    input: {
      onInterrupt(callback) {
        interrupted = callback
      },
      start(data) {
        onData = data
        held = false
        pass()
      },
      hold() {
        held = true
      },
      release() {
        held = false
        pass()
      },
    },
  }
}

function webWriter(line: Socket): PersonWriter {
  let queue: Buffer[] = []
  let waiting = 0
  let full = false
  let dead = line.destroyed
  let room: () => void = () => {}
  let settled: (() => void)[] = []
  const pump = () => {
    while (dead || line.writableLength < aheadBytes) {
      const next = queue.shift()
      if (!next) break
      waiting -= next.length
      if (!dead) line.write(encodeFrame('output', next))
    }
    if (full && waiting <= waitingBytes) {
      full = false
      room()
    }
    if (queue.length === 0 && (dead || line.writableLength === 0)) {
      for (const settle of settled) settle()
      settled = []
    }
  }
  line.on('drain', pump).once('close', () => {
    dead = true
    pump()
  })
  return {
    write(_stream, bytes) {
      for (let at = 0; at < bytes.length; at += longestBody) queue.push(bytes.subarray(at, at + longestBody))
      waiting += bytes.length
      pump()
      if (waiting > waitingBytes) full = true
      return !full
    },
    onRoom: (callback) => {
      room = callback
    },
    flushed: () =>
      new Promise((resolve) => {
        settled.push(resolve)
        pump()
      }),
    discard() {
      queue = []
      waiting = 0
      pump()
    },
  }
}
