import { spawn } from 'node:child_process'
import { connectionOf, type Door } from './connection.ts'

export interface Ran {
  code: number | null
  out: string
  err: string
}

/** Runs a client program against the door to its end; `input` goes to its standard input. */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input: string | Buffer = '',
): Promise<Ran> & { kill(signal: NodeJS.Signals): void } {
  const child = spawn(program, args, { env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', ...env } })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
  child.stdin.on('error', () => {}).end(input)
  const done = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }))
  })
  return Object.assign(done, { kill: (signal: NodeJS.Signals) => void child.kill(signal) })
}

/** psql through the door, as alice with her ticket, with the server's certificate checked in full. */
export const psql = (door: Door, sql: string | Buffer, ...args: string[]) =>
  run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...args, '-f', '-'], connectionOf(door), sql)
