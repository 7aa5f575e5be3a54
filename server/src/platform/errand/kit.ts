import { closeSync, readSync, writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/*
 * The errand's side of run-errand.ts. It is copied out of the clone with the errands, and imports nothing of ours.
 */

const answerOn = 3

function read(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const got = readSync(0, bytes, at, length - at, null)
    if (got === 0) throw new Error('whoever asked is gone')
    at += got
  }
  return bytes
}

/** A module that hangs blocks this thread: another one ends the process when the time is over, or when whoever asked is gone. */
const watch = (limitMs: number): unknown =>
  new Worker(
    `const end = () => process.kill(process.pid, 'SIGKILL'); setTimeout(end, ${limitMs}); require('node:fs').read(0, Buffer.alloc(1), 0, 1, null, end)`,
    { eval: true },
  )

/** What is asked, and its parts. From here on the time runs. */
export function readAsk<T>(): { ask: T; parts: Buffer[] } {
  const { limitMs, lengths, ...ask } = JSON.parse(read(read(4).readUInt32BE()).toString('utf8')) as T & {
    limitMs: number
    lengths: number[]
  }
  const parts = lengths.map(read)
  watch(limitMs)
  return { ask: ask as T, parts }
}

/** A line of the answer. */
export const say = (line: object) => writeSync(answerOn, `${JSON.stringify(line)}\n`)

/** The bytes behind the last line; they are wiped. */
export function giveBytes(bytes: Uint8Array): void {
  writeSync(answerOn, bytes)
  bytes.fill(0)
}

/** The answer is whole. Nobody waits for what is done on the way out, and afterwards nothing of this process is left. */
export function end(parts: readonly Buffer[], onTheWayOut: () => void = () => undefined): void {
  for (const part of parts) part.fill(0)
  closeSync(answerOn)
  try {
    onTheWayOut()
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
}
