import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * An sshd gives each terminal to the group `tty` (pty_setowner in its sshpty.c). Without root it may not, unless the
 * kernel has done so already because devpts is mounted with gid=5, as everywhere but in some containers. There, sshd gets
 * a mount namespace in which no group is called tty, for then it leaves terminals to their user's own group.
 */

export interface OwnTerminals {
  /** Comes before sshd's command. */
  enter: readonly string[]
  /** Said when no session here can have a terminal. */
  warning?: string
}

const inNamespace = ['unshare', '--user', '--map-current-user', '--keep-caps']
/** Entering a namespace makes the kernel forget whose death ends us: said again each time. */
const diesWithParent = ['setpriv', '--pdeathsig', 'KILL']
const noCapabilities = ['--inh-caps=-all', '--ambient-caps=-all']

/** With processes of its own, so that every session ends with sshd, as on a host; and without, where /proc may not be mounted. */
const ways = [
  {
    namespaces: [...inNamespace, ...diesWithParent, 'unshare', '--mount', '--pid', '--fork', '--kill-child=KILL'],
    prepare: 'mount --bind "$0" /etc/group && mount -t proc proc /proc',
  },
  { namespaces: [...inNamespace, '--mount'], prepare: 'mount --bind "$0" /etc/group' },
]

export function ownTerminals(folder: string): OwnTerminals {
  const groups = readFileSync('/etc/group', 'utf8')
  if (!refusesTerminals(readFileSync('/proc/self/mounts', 'utf8'), groups, process.getgroups?.() ?? [])) return { enter: [] }
  const file = join(folder, 'group')
  writeFileSync(file, groups.replace(/^tty:.*\n/gm, ''), { mode: 0o644 })
  for (const { namespaces, prepare } of ways) {
    const enter = (then: string) => [...namespaces, 'sh', '-c', `${prepare} && exec ${then}`, file]
    const [command = '', ...args] = enter('true')
    if (spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).status === 0)
      return { enter: enter([...diesWithParent, ...noCapabilities, '"$@"'].join(' ')) }
  }
  return {
    enter: [],
    warning:
      'web01 can give no terminals: /dev/pts is mounted without the group tty, and this user may make no namespaces. Commands work; for terminals: sudo mount -o remount,gid=5 /dev/pts',
  }
}

/** `mounts` as in proc(5), `groups` as in group(5), `mine` the groups that we may give a file of ours to. */
export function refusesTerminals(mounts: string, groups: string, mine: readonly number[]): boolean {
  const tty = /^tty:[^:]*:(\d+):/m.exec(groups)?.[1]
  const options = /^\S+ \/dev\/pts devpts (\S+)/m.exec(mounts)?.[1]
  if (tty === undefined || options === undefined || mine.includes(Number(tty))) return false
  return !options.split(',').includes(`gid=${tty}`)
}
