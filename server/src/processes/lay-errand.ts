import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Each errand, and the package of others that it exists for. */
const errands = { 'pkcs11/token-program.ts': 'pkcs11js', 'kms/kms-program.ts': '@aws-sdk/client-kms' } as const

/**
 * Copies an errand, with the package that it loads, to where the keeper can read it when it is no root any more: the clone may be closed to its user.
 * Answers its path. A package that is not installed, or not built, is not there: the errand says so.
 */
export function layErrand(data: string, root: string, name: keyof typeof errands): string {
  const folder = join(data, 'run', name.replace(/\/.*/, ''))
  rmSync(folder, { recursive: true, force: true })
  for (const file of ['errand/kit.ts', name]) cpSync(join(import.meta.dirname, '..', 'platform', file), join(folder, file))
  for (const one of withDependencies(root, errands[name])) copyNeeded(join(root, 'node_modules', one), join(folder, 'node_modules', one))
  // whatever umask the clone was made with
  for (const each of readdirSync(folder, { recursive: true, withFileTypes: true }))
    chmodSync(join(each.parentPath, each.name), each.isDirectory() ? 0o755 : 0o644)
  chmodSync(folder, 0o755)
  return join(folder, name)
}

const copyNeeded = (from: string, to: string): void =>
  // only what lies below: where the clone lies is its owner's affair
  cpSync(from, to, { recursive: true, filter: (file) => !unneeded.test(`/${relative(from, file)}`) })

/** Sources and what a build left besides its result. */
const unneeded = /\/(src|includes|obj\.target|\.deps|dist-types)(\/|$)|\.(md|map|d\.ts|cpp|h|o|gypi?|mk)$|\/Makefile$/

function withDependencies(root: string, first: string, found = new Set<string>()): Set<string> {
  const manifest = join(root, 'node_modules', first, 'package.json')
  if (found.has(first) || !existsSync(manifest)) return found
  found.add(first)
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: Record<string, string> }
  for (const name of Object.keys(dependencies)) withDependencies(root, name, found)
  return found
}
