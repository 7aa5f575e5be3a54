import { type ChildProcess, spawn } from 'node:child_process'
import { fipsArguments, fipsEnvironment } from '../crypto/fips.ts'

/**
 * Starts a program of ours in a process group of its own, with a channel to us and nothing of our environment. Node's cache of compiled code, where we
 * have one, is handed on: a part reads and writes it only while it is the user that we are, to whom the code itself belongs.
 */
export function spawnPart(file: string, args: readonly string[] = []): ChildProcess {
  const { PATH = '/usr/bin:/bin', NODE_COMPILE_CACHE: compiled } = process.env
  // no core files: they would hold what the process holds
  const limited = ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, '--disable-sigusr1', ...fipsArguments(), file, ...args]
  const child = spawn('/bin/sh', limited, {
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
    detached: true,
    cwd: '/',
    env: { PATH, LANG: 'C.UTF-8', NODE_ENV: 'production', ...(compiled && { NODE_COMPILE_CACHE: compiled }), ...fipsEnvironment() },
  })
  child.stdin?.on('error', () => undefined)
  return child
}
