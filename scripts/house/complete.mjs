import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean, os?: string | string[], cpu?: string | string[], libc?: string | string[] }} Entry
 * @typedef {Record<string, Entry>} Entries
 */

/** @param {string} file @returns {Entries} */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages

/** @param {string | string[] | undefined} allowed @param {string} mine */
const fits = (allowed, mine) => allowed === undefined || [allowed].flat().includes(mine)

/** glibc or musl, as lockfiles write it. */
const libc = () => {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report?.getReport())
  return report?.header?.glibcVersionRuntime ? 'glibc' : 'musl'
}

/**
 * The modules that the lockfile demands on this machine. Optional ones count when they name this system and processor: npm leaves
 * those out without a word when the Node that runs npm is too old for them, and what needs them then fails much later.
 * @param {string} root
 * @returns {[string, Entry][]} path below the root, entry
 */
export function demanded(root) {
  const mine = libc()
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).filter(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return false
    if (!fits(entry.os, process.platform) || !fits(entry.cpu, process.arch) || !fits(entry.libc, mine)) return false
    return !entry.optional || (entry.os !== undefined && entry.cpu !== undefined)
  })
}

/** @param {string} root @returns {string[]} the demanded modules that are not there */
export const missing = (root) =>
  demanded(root)
    .map(([path]) => path)
    .filter((path) => !existsSync(join(root, path, 'package.json')))

/**
 * True when someone ran npm by hand and it left exactly what the lockfile demands: then there is nothing to install again.
 * npm writes its own list (node_modules/.package-lock.json) last, so an interrupted install has none.
 * @param {string} root
 */
export function installedByHand(root) {
  const list = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(list)) return false
  const there = packagesOf(list)
  return (
    missing(root).length === 0 &&
    demanded(root).every(([path, { version, integrity }]) => there[path]?.version === version && there[path]?.integrity === integrity)
  )
}
