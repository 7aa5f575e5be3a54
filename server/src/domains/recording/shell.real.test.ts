import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { asciicast } from './export-asciicast.ts'
import { commandList } from './export-commands.ts'
import { plainText } from './export-text.ts'
import type { RecordedFrame } from './open-frames.ts'
import { openRecording } from './recording-reader.ts'
import { RecordingWriter } from './recording-writer.ts'
import type { ReaderKeys } from './segment-keys.ts'

/*
 * A real bash on a real terminal, recorded as a gateway would, with passwords typed where they are not shown.
 */

/** Asks for a secret and shows asterisks, as sudo does with pwfeedback. */
const asterisks = `stty -echo; printf 'Unlock: '; s=; while IFS= read -rn1 c && [ -n "$c" ]; do s="$s$c"; printf '*'; done; stty echo; echo; echo "length \${#s}"`
const planted = ['Planted-1-read-s', 'Planted-2-stty', 'Planted-3-feedback', 'Planted-4-ahead', 'Planted-5-unworded']

const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
const facts = { recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', columns: 100, rows: 30, keys: { viewers: 'v:1', officers: 'o:1' } }

class Shell {
  readonly #child: ChildProcess
  readonly #writer: RecordingWriter
  readonly #lag: number
  #shown = ''
  #from = 0

  constructor(home: string, writer: RecordingWriter, lag: number) {
    this.#writer = writer
    this.#lag = lag
    const env = { PATH: process.env.PATH, HOME: home, PS1: 'here$ ', TERM: 'xterm-256color', INPUTRC: '/dev/null', LC_ALL: 'C.UTF-8' }
    this.#child = spawn('script', ['-qfec', 'stty cols 100 rows 30; exec bash --norc --noprofile', '/dev/null'], {
      env,
      cwd: home,
      detached: true,
    })
    this.#child.stdout?.on('data', (piece: Buffer) => setTimeout(() => this.#output(piece), lag))
  }

  #output(piece: Buffer): void {
    this.#writer.output(piece)
    this.#shown += piece.toString()
  }

  /** Types at once; the target gets it, and we see the answer, after the lag. */
  type(text: string): void {
    this.#from = this.#shown.length
    this.#writer.input(Buffer.from(text))
    setTimeout(() => this.#child.stdin?.write(text), this.#lag)
  }

  /** Waits for something that comes after what was typed last. */
  async sees(text: string): Promise<void> {
    for (let tries = 0; tries < 3000; tries++) {
      const at = this.#shown.indexOf(text, this.#from)
      if (at >= 0) {
        this.#from = at + text.length
        return
      }
      await pause(10)
    }
    throw new Error(`${JSON.stringify(text)} never came after ${JSON.stringify(this.#shown.slice(-300))}`)
  }

  async run(line: string, answer = 'here$ '): Promise<void> {
    this.type(`${line}\r`)
    await this.sees('\n')
    await this.sees(answer)
  }

  /** Waits until the terminal hides what is typed: before that the driver would echo it, to us as to anyone. */
  async hides(): Promise<void> {
    const name = /\/dev\/pts\/\d+/.exec(this.#shown)?.[0]
    if (!name) throw new Error('ask for the name of the terminal first: tty')
    for (let tries = 0; tries < 600; tries++) {
      const { stdout } = await promisify(execFile)('stty', ['-F', name, '-a'])
      if (/ icanon/.test(stdout) && / -echo /.test(stdout)) return
      await pause(20)
    }
    throw new Error('the echo never went off')
  }

  /** Ends the shell and everything in its session, and nothing else. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('close', () => resolve())
      this.type('\x03')
      setTimeout(() => this.type('\x04'), 2 * this.#lag + 200)
      setTimeout(() => this.#child.exitCode === null && this.#child.pid && process.kill(-this.#child.pid, 'SIGKILL'), 10_000).unref()
    })
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'shell-'))
  await writeFile(join(home, 'ask.sh'), asterisks)
})
afterAll(() => rm(home, { recursive: true }))

async function record(name: string, lag: number, session: (shell: Shell) => Promise<void>): Promise<string> {
  const path = join(home, `${name}.clvr`)
  const writer = new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: true, flushEvery: 50 })
  const started = await writer.start()
  if (!started.ok) throw new Error(started.error.code)
  const shell = new Shell(home, writer, lag)
  try {
    await shell.sees('here$ ')
    await session(shell)
  } finally {
    await shell.end()
    await writer.close()
  }
  return path
}

async function open(path: string, how: ReaderKeys = { viewers: keys.viewers }) {
  const reader = await openRecording(path, how)
  if (!reader.ok) throw new Error(reader.error.code)
  return reader.value
}

async function framesOf(path: string, how?: ReaderKeys): Promise<RecordedFrame[]> {
  const reader = await open(path, how)
  const frames: RecordedFrame[] = []
  for await (const frame of reader.frames()) frames.push(frame)
  expect(reader.verdict?.state).toBe('intact')
  await reader.close()
  return frames
}

async function exported(path: string, how: (reader: Awaited<ReturnType<typeof open>>) => AsyncGenerator<unknown>): Promise<string> {
  const reader = await open(path)
  let all = ''
  for await (const part of how(reader)) all += typeof part === 'string' ? part : JSON.stringify(part)
  await reader.close()
  return all
}

const inputOf = (frames: readonly RecordedFrame[], kind: 'input' | 'unproven') =>
  Buffer.concat(frames.flatMap((frame) => (frame.kind === kind ? [frame.bytes] : []))).toString()
const commandsOf = (frames: readonly RecordedFrame[]) => frames.flatMap((frame) => (frame.kind === 'command' ? [frame.text] : []))

describe('a shell session in which passwords are typed', () => {
  let path: string
  beforeAll(async () => {
    path = await record('passwords', 0, async (shell) => {
      await shell.run('tty')
      await shell.run('echo first command')
      shell.type('read -s -p "Password: " secret\r')
      await shell.sees('\n')
      await shell.sees('Password: ')
      await shell.hides()
      for (const letter of planted[0] as string) shell.type(letter)
      shell.type('\r')
      await shell.sees('here$ ')
      await shell.run('stty -echo')
      await shell.run(`echo ${planted[1]} | wc -c`)
      await shell.run('stty echo')
      shell.type('. ./ask.sh\r')
      await shell.sees('Unlock: ')
      for (const letter of planted[2] as string) {
        shell.type(letter)
        await shell.sees('*')
      }
      await shell.run('')
      shell.type(`read -s -p "Token? " token; echo; echo got it\r`)
      await shell.sees('\n')
      await shell.hides()
      shell.type(`${planted[3]}\r`)
      await shell.sees('got it\r\n')
      await shell.sees('here$ ')
      shell.type('read -s word\r')
      await shell.sees('\n')
      await shell.hides()
      shell.type(`${planted[4]}\r`)
      await shell.sees('here$ ')
      shell.type('echo lasst')
      await shell.sees('lasst')
      shell.type('\x1b[D\x1b[D\x7f')
      await shell.sees('t\b')
      shell.type('\x05 command\r')
      await shell.sees('last command\r\n')
      await shell.sees('here$ ')
      shell.type('\x1b[A')
      await shell.sees('echo')
      await shell.run('')
    })
  })

  test('shows no password to whoever holds the viewers’ key: not in a frame, not in an export', async () => {
    const everything = [
      ...(await framesOf(path)).map((frame) => ('bytes' in frame ? Buffer.from(frame.bytes).toString() : JSON.stringify(frame))),
      await exported(path, asciicast),
      await exported(path, plainText),
      await exported(path, commandList),
      (await readFile(path)).toString('latin1'),
    ].join('\n')
    for (const secret of planted) {
      expect(everything).not.toContain(secret)
      expect(everything).not.toContain(secret.slice(0, 9))
    }
  })

  test('shows the commands as the person saw them, and the keys that were echoed', async () => {
    const frames = await framesOf(path)
    expect(commandsOf(frames)).toEqual([
      'tty',
      'echo first command',
      'read -s -p "Password: " secret',
      'stty -echo',
      '. ./ask.sh',
      'read -s -p "Token? " token; echo; echo got it',
      'read -s word',
      'echo last command',
      'echo last command',
    ])
    expect(inputOf(frames, 'input')).toContain('echo first command\r')
    expect(await exported(path, plainText)).toContain('here$ echo last command\nlast command\n')
    expect(await exported(path, asciicast)).toContain('"i","echo first command\\r"')
  })

  test('keeps every password for the officers', async () => {
    const hidden = inputOf(await framesOf(path, keys), 'unproven')
    for (const secret of planted) expect(hidden).toContain(secret)
  })
})

test('over a link of two seconds the same is proven, whether someone waits for the prompt or types ahead', async () => {
  const path = await record('slow', 1000, async (shell) => {
    await shell.run('tty')
    shell.type('echo one\r')
    await shell.sees('one\r\n')
    await shell.sees('here$ ')
    for (const letter of 'echo two\r') shell.type(letter)
    shell.type('echo three\r')
    await shell.sees('three\r\n')
    await shell.sees('here$ ')
    shell.type('read -s word\r')
    await shell.sees('\n')
    await shell.hides()
    shell.type(`${planted[0]}\r`)
    await shell.sees('here$ ')
    shell.type('echo four\r')
    await shell.sees('four\r\n')
    await shell.sees('here$ ')
  })
  const frames = await framesOf(path)
  expect(commandsOf(frames)).toEqual(['tty', 'echo one', 'echo two', 'echo three', 'read -s word', 'echo four'])
  expect(inputOf(frames, 'input')).not.toContain('Planted')
  expect(inputOf(await framesOf(path, keys), 'unproven')).toContain(planted[0])
})
