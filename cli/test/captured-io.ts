import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { Io } from '../src/kit/io.ts'
import { runCli } from '../src/run.ts'

export interface Ran {
  code: number
  out: string
  err: string
}

/** A person's machine: a configuration folder of its own, and a way to run commands there. */
export function makeMachine(env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-cli-'))
  const run = async (args: string[], how: { input?: string; terminal?: boolean } = {}): Promise<Ran> => {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    if (how.terminal) Object.assign(stdout, { isTTY: true, columns: 120 })
    stdin.end(how.input ?? '')
    const io: Io = {
      env: { CLAVIGER_CONFIG: join(folder, 'config'), CLAVIGER_DATA: join(folder, 'data'), TERM: 'dumb', ...env },
      stdin,
      stdout,
      stderr,
    }
    process.exitCode = undefined
    const code = (await runCli(args, io)) ?? Number(process.exitCode ?? 0)
    process.exitCode = undefined
    return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
  }
  return { folder, config: join(folder, 'config'), run, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
