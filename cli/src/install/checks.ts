import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync } from 'node:fs'
import { createServer } from 'node:net'
import { isAbsolute, join } from 'node:path'
import { CliError } from '../kit/exit.ts'
import { at, type Layout, places, service } from './layout.ts'
import { migrationsOf, type Release } from './release.ts'
import { takenByOthers } from './users.ts'

/** Each says no with what to do; nothing was changed then. */
export function needRoot(what: string): void {
  if (process.getuid?.() !== 0)
    throw new CliError('refused', `Only root can ${what}. --dry-run shows what would be done.`, `sudo ./claviger ${what}`)
}

export function needSystemd(layout: Layout): void {
  if (layout.root === '/' && !existsSync('/run/systemd/system'))
    throw new CliError(
      'refused',
      'This machine was not started by systemd. For an image that will be: --root FOLDER. Without a service: CLAVIGER_DATA=… ./claviger server',
    )
}

export function needFreeNumbers(layout: Layout): void {
  const [taken] = takenByOthers(layout)
  if (taken !== undefined) throw new CliError('refused', `${taken}. Give that one another number first; nothing was done.`)
}

/** Whoever may write to a folder above the release could put another program in its place. */
export function needClosedFolders(layout: Layout, paths: readonly string[]): void {
  for (const path of paths)
    for (const parent of parentsOf(path)) {
      const there = at(layout, parent)
      if (!existsSync(there)) break
      const { uid, mode } = lstatSync(there)
      if (uid !== 0 || ((mode & 0o022) !== 0 && (mode & 0o1000) === 0 && (mode & 0o170000) !== 0o120000))
        throw new CliError(
          'refused',
          `${there} can be changed by others than root, so whoever may do that could replace Claviger. Choose another place, or: chown root ${there} && chmod go-w ${there}`,
        )
    }
}

const parentsOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((_, i, all) => `/${all.slice(0, i + 1).join('/')}`)

/** Migrations only go forward: the release that runs now may have brought the database to where this one does not follow. */
export function needNoOlderRelease(layout: Layout, release: Release, running: string | undefined): void {
  if (running === undefined || !existsSync(at(layout, join(layout.data, 'keeper')))) return
  const ahead = migrationsOf(at(layout, running)).filter((name) => !release.migrations.includes(name))
  if (ahead.length > 0)
    throw new CliError(
      'refused',
      `The release that is installed has prepared the database further (${ahead.join(', ')}) than ${release.id} understands. Install the same or a newer release; to go back, put back a backup of the data that is as old as the release, into another --data folder.`,
    )
}

export const serviceRuns = (): boolean => {
  try {
    execFileSync('systemctl', ['is-active', '--quiet', service], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export async function needFreePorts(settings: Record<string, string>): Promise<void> {
  const doors = { CLAVIGER_HTTP_PORT: 8200, CLAVIGER_SSH_PORT: 2222, CLAVIGER_POSTGRES_PORT: 6432, CLAVIGER_MYSQL_PORT: 3307 }
  for (const [variable, usual] of Object.entries(doors)) {
    const port = Number(settings[variable] ?? usual)
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new CliError('refused', `${places.settings}: ${variable} is no port. Nothing was done.`)
    if (!(await isFree(port)))
      throw new CliError(
        'refused',
        `Port ${port} is taken by another program. Stop that program, or set ${variable} in ${places.settings}; then run this again.`,
      )
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)))
  })

/** Settings that the unit must know of. */
export function needPlainSettings(settings: Record<string, string>): void {
  if (settings.CLAVIGER_DATA !== undefined)
    throw new CliError(
      'refused',
      `${places.settings}: CLAVIGER_DATA belongs to claviger install --data, since the unit has to allow that folder. Take the line out.`,
    )
  if (settings.DATABASE_URL !== undefined)
    throw new CliError(
      'refused',
      `${places.settings}: DATABASE_URL holds a password, and systemctl shows it to everybody. Put it into a file of root (0600), and name that in DATABASE_URL_FILE.`,
    )
  for (const name of ['CLAVIGER_ANCHOR_FILE', 'CLAVIGER_RECORDINGS'])
    if (settings[name] !== undefined && !(isAbsolute(settings[name]) && /^[A-Za-z0-9._/-]+$/.test(settings[name])))
      throw new CliError('refused', `${places.settings}: ${name} must be an absolute path without spaces or signs that systemd would read.`)
}
