import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { kits } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import { writePrivate } from '../kit/files.ts'
import type { Client, Opened } from './opened.ts'

const run = promisify(execFile)

/** `ssh` that believes the pinned host key alone, and finds its credentials in files of `folder`. Nothing secret is in its arguments. */
export async function sshToTarget(
  account: kits.KitAccount,
  credentials: readonly Opened[],
  args: readonly string[],
  folder: string,
): Promise<Client> {
  const { host = '', port = 22 } = account.target.settings as { host?: string; port?: number }
  const hosts = join(folder, 'known_hosts')
  writePrivate(hosts, await pinnedHostKey(account.target.name, String(host), Number(port), account.target.identity.fingerprint ?? ''))
  const keys = credentials
    .filter((c) => c.credential === 'ssh-key')
    .map((c, i) => {
      const file = join(folder, `key-${i}`)
      writePrivate(file, c.secret)
      return file
    })
  const passwords = credentials.filter((c) => c.credential === 'password')
  for (const [i, { secret }] of passwords.entries()) writePrivate(join(folder, `answer-${i}`), Buffer.concat([secret, Buffer.from('\n')]))
  const askpass = join(folder, 'askpass')
  // each is given once, in their order: a target counts what it refuses
  writePrivate(
    askpass,
    `#!/bin/sh\nfor file in '${folder}'/answer-*; do [ -f "$file" ] && cat "$file" && rm -f "$file" && exit 0; done\nexit 1\n`,
  )
  chmodSync(askpass, 0o700)
  return {
    file: 'ssh',
    args: [
      ...['-F', 'none', '-p', String(port), '-l', account.name, '-o', `UserKnownHostsFile=${hosts}`, '-o', 'GlobalKnownHostsFile=none'],
      ...['-o', 'StrictHostKeyChecking=yes', '-o', 'IdentitiesOnly=yes', '-o', `NumberOfPasswordPrompts=${Math.max(1, passwords.length)}`],
      ...['-o', `PreferredAuthentications=${keys.length > 0 ? 'publickey,' : ''}password,keyboard-interactive`, '-o', 'ForwardAgent=no'],
      ...keys.flatMap((key) => ['-i', key]),
      ...(keys.length === 0 ? ['-o', 'IdentityFile=none'] : []),
      ...(args.length === 0 ? ['-t'] : []),
      ...['--', String(host), ...args],
    ],
    env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', SSH_AUTH_SOCK: '' },
  }
}

/** The host's keys as it shows them now, of which one must be the one that is pinned. */
async function pinnedHostKey(target: string, host: string, port: number, fingerprint: string): Promise<string> {
  const { stdout } = await run('ssh-keyscan', ['-T', '8', '-p', String(port), host]).catch(() => ({ stdout: '' }))
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length === 0) throw new CliError('unreachable', `${target} (${host}:${port}) does not answer.`)
  const pinned = lines.find((line) => {
    const blob = line.split(' ')[2] ?? ''
    return `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}` === fingerprint
  })
  if (!pinned)
    throw new CliError(
      'refused',
      `What answers at ${host}:${port} is not ${target}: none of its host keys is ${fingerprint}. Nothing was sent to it.`,
    )
  return `${pinned}\n`
}
