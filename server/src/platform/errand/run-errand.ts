import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fipsArguments, fipsEnvironment } from '../crypto/fips.ts'

/*
 * Terminology
 *
 * - errand: a program of ours that does one thing with code that is not ours, a vendor's module or a cloud's SDK, as a process of its own, and ends.
 *   What crashes or hangs there takes nobody along, and what was in its memory is gone
 *
 * Asked on its standard input: u32be length of the JSON, the JSON, the bytes of the parts. Standard input stays open: when it closes, whoever asked is
 * gone, and the errand ends at once. Answered on its third channel: lines of JSON, and after the last one the bytes until the end.
 */
export interface Errand {
  /** Where the user that we run as can read it. */
  program: string
  /** It gets this and nothing else. */
  environment: Readonly<Record<string, string>>
  /** Milliseconds after which it is given up, and killed. */
  limitMs: number
}

/** What was written on the third channel, whole or not: `line` reads its lines. */
export interface Said {
  all: Buffer
  late: boolean
}

const mostBytes = 64 * 1024
/** It ends itself when its time is over; this much later it is ended. */
const graceMs = 1_000

/** The parts stay the caller's to wipe, and so is what comes back. */
export async function runErrand(errand: Errand, ask: object, parts: readonly Uint8Array[]): Promise<Said> {
  const { program, environment, limitMs } = errand
  // the very Node that we are: its path may be closed to the user that we became (a clone in a private home)
  const child = spawn('/proc/self/exe', ['--disable-sigusr1', '--no-warnings', ...fipsArguments(), program], {
    cwd: '/',
    env: { ...environment, ...fipsEnvironment(), PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const late = setTimeout(() => child.kill('SIGKILL'), limitMs + graceMs)
  const began = performance.now()
  try {
    const input = child.stdin as Writable
    input.on('error', () => undefined)
    const json = Buffer.from(JSON.stringify({ ...ask, limitMs, lengths: parts.map((part) => part.length) }))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(json.length)
    const message = Buffer.concat([length, json, ...parts])
    input.write(message, () => message.fill(0))
    const broken = new Promise<void>((resolve) => child.once('error', () => resolve()))
    const all = await everything(child.stdio[3] as Readable, broken)
    return { all, late: performance.now() - began >= limitMs }
  } finally {
    clearTimeout(late)
    child.stdin?.destroy()
    child.kill('SIGKILL')
  }
}

/** Until the errand closes its side, or ends. */
async function everything(from: Readable, broken: Promise<void>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  from.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= mostBytes) chunks.push(chunk)
  })
  await Promise.race([new Promise<void>((resolve) => from.once('close', resolve).once('error', () => resolve())), broken])
  const whole = Buffer.concat(chunks)
  for (const chunk of chunks) chunk.fill(0)
  return whole
}

/** The line that begins at `at`, and where it ends; undefined when it is not whole: the errand ended. */
export function line<T>({ all }: Said, at: number): { value: T; end: number } | undefined {
  const end = all.indexOf('\n', at)
  return end < 0 ? undefined : { value: JSON.parse(all.toString('utf8', at, end)) as T, end: end + 1 }
}
