import { spawn } from 'node:child_process'
import { fipsArguments, fipsEnvironment } from '../crypto/fips.ts'

export interface OnceOptions {
  file: string
  /** Sent as one JSON document on standard input. */
  config: unknown
  /** What it says on its way; the answer, if any, is sent back. */
  onWord(word: Record<string, unknown>, answer: (word: Record<string, unknown>) => void): void
}

/** Runs a process of ours for one piece of work. Resolves when it is gone, with whether it ended well. It ends when we do. */
export function runOnce({ file, config, onWord }: OnceOptions): { ended: Promise<boolean>; kill(): void } {
  // no core files: they would hold what the process holds
  const child = spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, '--disable-sigusr1', ...fipsArguments(), file], {
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
    detached: true,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', NODE_ENV: 'production', ...fipsEnvironment() },
  })
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(JSON.stringify(config))
  child.on('message', (word: Record<string, unknown>) => onWord(word, (back) => void (child.connected && child.send(back))))
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
  return { ended, kill: () => void child.kill('SIGKILL') }
}
