import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { KeyFile } from './folder.ts'

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
}

export interface SshClient {
  /** Arguments of a real `ssh` to the door as `user`, without the command. */
  args(user: string, key: KeyFile | undefined, options?: readonly string[]): string[]
  start(args: readonly string[], codes?: readonly string[], program?: string): ChildProcess
  /** Runs to the end. `input` is written to stdin, which is then closed; without it stdin is /dev/null. */
  run(args: readonly string[], codes?: readonly string[], input?: string): Promise<Ran>
}

/** The real OpenSSH client, which asks a script for each code. */
export function sshClient(folder: string, door: { port: number; hostKey: KeyFile }): SshClient {
  const knownHosts = join(folder, 'known_hosts')
  writeFileSync(knownHosts, `[127.0.0.1]:${door.port} ${door.hostKey.type} ${door.hostKey.blob}\n`)
  let runs = 0

  const start: SshClient['start'] = (args, codes = [], program = 'ssh') => {
    const own = join(folder, `codes-${++runs}`)
    writeFileSync(own, codes.map((code) => `${code}\n`).join(''))
    const askpass = `${own}.sh`
    writeFileSync(askpass, `#!/bin/sh\nhead -n 1 ${own}\nsed -i 1d ${own}\n`)
    chmodSync(askpass, 0o700)
    const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', SSH_AUTH_SOCK: '', TERM: 'xterm' }
    return spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  }
  return {
    start,
    args: (user, key, options = []) => [
      ...['-F', 'none', '-p', String(door.port), '-l', user],
      ...['-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'IdentitiesOnly=yes'],
      ...(key ? ['-i', key.path] : ['-o', 'IdentityFile=none']),
      ...options,
      '127.0.0.1',
    ],
    async run(args, codes, input) {
      const child = start(args, codes)
      child.stdin?.on('error', () => {})
      child.stdin?.end(input)
      return finish(child)
    },
  }
}

/** Waits for a client's end and all it has said. */
export async function finish(child: ChildProcess): Promise<Ran> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)))
  const [stdout, stderr, status] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    ended,
  ])
  return { status, stdout, stderr }
}
