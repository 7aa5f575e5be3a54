import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { borrowed, etcFiles, notSetYet } from './etc.ts'
import { writeHomes } from './homes.ts'
import { type InitialCredentials, writeKeyPair } from './initial-credentials.ts'
import { fingerprintOf, type Prepared } from './own-account.ts'

const namespaces = ['--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child=KILL']

/**
 * As root, web01 is a host of its own. What it keeps lies in `machine/` of the lab's folder: etc, home, root, var.
 * Its /etc is put together from the machine's programs' settings and from files of our own, rather than being laid over
 * the machine's: so the machine's people, their password hashes, its keys and its certificates are not in the lab.
 */
export function prepareOwnHost(folder: string, port: number, initial: InitialCredentials): Prepared {
  const machine = join(folder, 'machine')
  const etc = join(machine, 'etc')
  // what web01's users must read is made readable, whatever umask the lab was started with
  const before = process.umask(0o022)
  if (!existsSync(machine)) make(folder, initial)
  process.umask(before)
  mkdirSync(join(folder, 'rootfs'), { recursive: true, mode: 0o755 })
  writeFileSync(join(etc, 'ssh/sshd_config'), etcFiles.sshdConfig(port))
  // follows the machine's libraries, which are the ones that run
  if (existsSync('/etc/ld.so.cache')) cpSync('/etc/ld.so.cache', join(etc, 'ld.so.cache'))
  return {
    command: ['unshare', ...namespaces, '/bin/sh', join(import.meta.dirname, 'enter.sh'), folder],
    input: passwordsToSet(join(etc, 'shadow'), initial),
    hostKeyFingerprint: fingerprintOf(join(etc, 'ssh/ssh_host_ed25519_key')),
  }
}

/** Built beside and renamed: a start that is killed in here begins anew. */
function make(folder: string, initial: InitialCredentials): void {
  const fresh = join(folder, 'machine.new')
  rmSync(fresh, { recursive: true, force: true })
  const etc = join(fresh, 'etc')
  for (const path of ['etc/ssh', 'etc/pam.d', 'etc/sudoers.d', 'home', 'var/log', 'var/tmp', 'var/lib', 'var/mail'])
    mkdirSync(join(fresh, path), { recursive: true })
  for (const name of borrowed) {
    if (existsSync(join('/etc', name)))
      cpSync(join('/etc', name), join(etc, name), { recursive: true, verbatimSymlinks: true, force: false })
  }
  const users = etcFiles.users(readFileSync('/etc/passwd', 'utf8'), readFileSync('/etc/group', 'utf8'))
  for (const [name, { text, mode }] of Object.entries({ ...users, ...etcFiles.fixed })) writeFileSync(join(etc, name), text, { mode })
  for (const name of ['lastlog', 'wtmp', 'btmp']) writeFileSync(join(fresh, 'var/log', name), '')
  writeKeyPair(join(etc, 'ssh/ssh_host_ed25519_key'), 'web01')
  writeHomes(fresh, initial)
  renameSync(fresh, join(folder, 'machine'))
}

/** The lines for chpasswd inside: for accounts whose first password was never set, so that a restart changes nothing. */
function passwordsToSet(shadowFile: string, initial: InitialCredentials): string {
  const shadow = readFileSync(shadowFile, 'utf8').split('\n')
  return initial.accounts
    .filter(({ name }) => shadow.some((line) => line.startsWith(`${name}:${notSetYet}:`)))
    .map(({ name, password }) => `${name}:${password}\n`)
    .join('')
}
