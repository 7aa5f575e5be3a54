import { join } from 'node:path'
import { CliError } from '../kit/exit.ts'

/*
 * Terminology
 *
 * - release: one unpacked archive, under a folder that its version and commit name; never changed once it is there
 * - current, previous: links to the release that the service runs, and to the one that it ran before
 * - root: where the machine's file system begins; another folder for an image that is not started yet
 */
export interface Layout {
  root: string
  /** Releases and the links to them. */
  prefix: string
  data: string
}

/** What lies at a place that all systems have. */
export const places = {
  settings: '/etc/claviger/claviger.env',
  unit: '/etc/systemd/system/claviger.service',
  users: '/etc/sysusers.d/claviger.conf',
  command: '/usr/local/bin/claviger',
} as const
export const service = 'claviger.service'

/** No spaces, percent signs or quotes: these paths stand in a unit, where they would mean something. */
const plain = /^(\/[A-Za-z0-9][A-Za-z0-9._-]*)+$/

export function makeLayout(options: { root?: string | undefined; prefix: string; data: string }): Layout {
  const { root = '/', prefix, data } = options
  for (const [flag, path] of [
    ['--prefix', prefix],
    ['--data', data],
  ] as const)
    if (!plain.test(path) || path.split('/').length < 3)
      throw new CliError('usage', `${flag} ${path}: an absolute path of letters, digits, dots, - and _, at least two folders deep.`)
  if (!root.startsWith('/')) throw new CliError('usage', `--root ${root}: an absolute path.`)
  if (prefix === data || prefix.startsWith(`${data}/`) || data.startsWith(`${prefix}/`))
    throw new CliError('usage', 'The release and the data need folders of their own, neither inside the other.')
  return { root, prefix, data }
}

/** Where a path of the installed system lies while we write it. */
export const at = ({ root }: Layout, path: string): string => (root === '/' ? path : join(root, path))

export const releasesIn = ({ prefix }: Layout): string => join(prefix, 'releases')
export const linkIn = ({ prefix }: Layout, which: 'current' | 'previous'): string => join(prefix, which)
export const recordIn = (prefix: string): string => join(prefix, 'installation.json')
