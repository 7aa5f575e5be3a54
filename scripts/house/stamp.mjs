import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What of a package.json decides which modules are installed. Scripts may change without an install. */
const deciding = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides', 'workspaces', 'engines']

/**
 * One hash for everything that decides what belongs into node_modules, and how it is built there.
 * @param {string} root
 */
export function wantedHash(root) {
  const hash = createHash('sha256')
  hash.update(readFileSync(join(root, 'package-lock.json')))
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const folder of ['.', ...(own.workspaces ?? [])]) {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    hash.update(JSON.stringify([folder, deciding.map((field) => manifest[field])]))
  }
  hash.update(process.arch)
  hash.update(readFileSync(join(import.meta.dirname, 'object-wrap.h')))
  return hash.digest('hex')
}

/**
 * What the last finished bootstrap left: which hash it installed, and whether the native bindings were built (`native`) or not (`javascript`).
 * @param {import('./paths.mjs').Paths} paths
 * @returns {{ hash: string, binding: 'native' | 'javascript' } | undefined}
 */
export function readStamp(paths) {
  try {
    return JSON.parse(readFileSync(paths.stamp, 'utf8'))
  } catch {
    return undefined // none, or half written: either way nothing is known
  }
}

/**
 * Written last, and whole or not at all: a stamp says that everything before it was finished.
 * @param {import('./paths.mjs').Paths} paths
 * @param {{ hash: string, binding: 'native' | 'javascript' }} stamp
 */
export function writeStamp(paths, stamp) {
  writeFileSync(`${paths.stamp}.new`, `${JSON.stringify(stamp)}\n`)
  renameSync(`${paths.stamp}.new`, paths.stamp)
}

/**
 * True when there is nothing to do.
 * @param {import('./paths.mjs').Paths} paths
 * @param {boolean} requireBinding
 */
export function upToDate(paths, requireBinding) {
  const stamp = readStamp(paths)
  if (!stamp || stamp.hash !== wantedHash(paths.root) || !existsSync(paths.node)) return false
  return stamp.binding === 'native' ? paths.bindings.every((file) => existsSync(file)) : !requireBinding
}
