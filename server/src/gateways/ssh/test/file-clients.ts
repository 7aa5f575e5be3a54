import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileAct } from '../../contract.ts'
import { type Door, openDoor } from './open-door.ts'
import { finish, type Ran } from './ssh-client.ts'

/** The options that sftp and scp share with ssh. */
function options(door: Door, key: Door['alice'] | null = door.alice): string[] {
  const args = door.ssh.args(door.user, key ?? undefined)
  const login = args.indexOf('-l')
  return args
    .toSpliced(login, 2, '-o', `User=${door.user}`)
    .slice(0, -1)
    .map((arg) => (arg === '-p' ? '-P' : arg))
}

/** `typed`: what is answered instead of a code after the key. */
export async function sftp(door: Door, commands: readonly string[], more: readonly string[] = [], typed?: readonly string[]): Promise<Ran> {
  const batch = join(door.folder, `batch-${randomBytes(4).toString('hex')}`)
  writeFileSync(batch, `${commands.join('\n')}\n`)
  const given = typed ? options(door, null) : options(door)
  const args = [...more, '-o', 'BatchMode=no', '-b', batch, ...given, '127.0.0.1']
  return await finish(door.ssh.start(args, typed ?? [door.host.code()], 'sftp'))
}

export const scp = (door: Door, from: string | readonly string[], to: string, more: readonly string[] = []) =>
  finish(door.ssh.start(['-q', ...more, ...options(door), ...[from].flat(), to], [door.host.code()], 'scp'))

/** By the far end of rsync, which is a command. */
export const rsync = (door: Door, from: string, to: string) =>
  finish(
    door.ssh.start(['-e', `ssh ${door.ssh.args(door.user, door.alice).slice(0, -1).join(' ')}`, from, to], [door.host.code()], 'rsync'),
  )

export const remote = (path: string) => `127.0.0.1:${path}`
export const actsOf = (door: Door, at = 0): FileAct[] => door.host.sessions[at]?.files ?? []
/** What came of each act, without those that only look. */
export const done = (door: Door, at = 0) =>
  actsOf(door, at).filter(({ outcome, op }) => outcome !== 'open' && op !== 'list' && op !== 'attributes')

export async function openWithFolders() {
  const door = await openDoor()
  const [here, there] = [join(door.folder, 'here'), join(door.folder, 'there')]
  mkdirSync(here)
  mkdirSync(there)
  return { door, here, there }
}
