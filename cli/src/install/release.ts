import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CliError } from '../kit/exit.ts'
import { readIfThere } from '../kit/files.ts'

/** What can be installed: an unpacked archive, or the archive itself. */
export interface Release {
  /** Names its folder: version and commit. */
  id: string
  version: string
  from: string
  /** Names of the migrations that it brings: a database that has others was prepared by another release. */
  migrations: readonly string[]
}

const migrationsFolder = 'server/src/migrations'
const tar = (...args: string[]) => execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })

export function readRelease(from: string): Release {
  if (!existsSync(from)) throw new CliError('usage', `--from ${from}: there is no such file or folder.`)
  return statSync(from).isDirectory() ? readUnpacked(from) : readArchive(from)
}

/** A release from its folder. In a clone nothing is packed: what runs as a service is what `npm run package` made. */
function readUnpacked(folder: string): Release {
  const stamp = readIfThere(join(folder, 'node_modules/.claviger-stamp')) ?? ''
  const manifest = readIfThere(join(folder, 'package.json'))
  if (!stamp.startsWith('packaged ') || manifest === undefined || !existsSync(join(folder, 'claviger')))
    throw new CliError(
      'refused',
      `${folder} is no unpacked archive, and a clone is not installed as it is: it holds what only tests need.`,
      'npm run package && ./claviger install --from dist/claviger-*.tar.gz',
    )
  return describe(folder, manifest, stamp, migrationsOf(folder))
}

export const migrationsOf = (folder: string): string[] =>
  existsSync(join(folder, migrationsFolder)) ? readdirSync(join(folder, migrationsFolder)).filter((name) => name.endsWith('.sql')) : []

function readArchive(archive: string): Release {
  const sums = readIfThere(join(dirname(archive), 'SHA256SUMS'))
  const wanted = sums?.split('\n').find((line) => line.endsWith(`  ${basename(archive)}`))
  const sum = wanted && createHash('sha256').update(readFileSync(archive)).digest('hex')
  if (wanted && !wanted.startsWith(`${sum}  `))
    throw new CliError('refused', `${archive} is not what SHA256SUMS beside it says. Fetch both again; nothing was done.`)
  try {
    const names = tar('-tzf', archive).split('\n')
    const top = names[0]?.split('/')[0] ?? ''
    const read = (path: string) => tar('--occurrence=1', '-xzOf', archive, `${top}/${path}`)
    const migrations = names.filter((name) => name.startsWith(`${top}/${migrationsFolder}/`) && name.endsWith('.sql'))
    return describe(
      archive,
      read('package.json'),
      read('node_modules/.claviger-stamp'),
      migrations.map((name) => basename(name)),
    )
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw new CliError('refused', `${archive} is no archive of Claviger (npm run package makes one).`)
  }
}

function describe(from: string, manifest: string, stamp: string, migrations: readonly string[]): Release {
  const { name, version } = JSON.parse(manifest) as { name?: string; version?: string }
  const commit = /^packaged ([0-9a-f]{12})/.exec(stamp)?.[1]
  if (name !== 'claviger' || !/^\d+\.\d+\.\d+[\w.-]*$/.test(version ?? '') || commit === undefined)
    throw new CliError('refused', `${from} is no release of Claviger, or not a whole one.`)
  return { id: `${version}-${commit}`, version: version ?? '', from, migrations }
}

/** Brings a release to its place whole or not at all: of root, and writable for nobody else. */
export function bringRelease({ from }: Release, to: string): void {
  const partial = `${to}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  if (statSync(from).isDirectory()) {
    const kept = (path: string) => !['data', 'dist'].includes(path.slice(from.length + 1))
    cpSync(from, partial, { recursive: true, verbatimSymlinks: true, filter: kept })
  } else tar('-xzf', from, '-C', partial, '--strip-components=1', '--no-same-owner')
  closeToOthers(partial)
  renameSync(partial, to)
}

function closeToOthers(path: string): void {
  const entry = lstatSync(path)
  if (entry.isSymbolicLink()) return
  if (entry.isDirectory()) for (const name of readdirSync(path)) closeToOthers(join(path, name))
  chmodSync(path, entry.isDirectory() || (entry.mode & 0o111) !== 0 ? 0o755 : 0o644)
}
