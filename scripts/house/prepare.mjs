import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { binding } from './binding.mjs'
import { install } from './install.mjs'
import { alone } from './lock.mjs'
import { run } from './npm.mjs'
import { home, pathsOf } from './paths.mjs'
import { refuse, say } from './print.mjs'
import { upToDate, wantedHash, writeStamp } from './stamp.mjs'

/** @param {string | undefined} value */
const on = (value) => value !== undefined && !['', '0', 'false'].includes(value)

/**
 * Makes the clone ready to run: modules, pinned Node, embedded PostgreSQL, native ciphers. Safe to repeat, to interrupt, and to run twice at once.
 * @param {string} root
 * @returns {Promise<boolean>} false after having said why not
 */
export async function prepare(root = home) {
  const paths = pathsOf(root)
  const requireBinding = on(process.env.CI) || on(process.env.CLAVIGER_REQUIRE_BINDING)
  if (upToDate(paths, requireBinding)) return true
  try {
    return await alone(
      paths.work,
      'bootstrap',
      (pid) => say(`another bootstrap (process ${pid}) is at work here: waiting for it`),
      async () => upToDate(paths, requireBinding) || (await build(paths, requireBinding)),
    )
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM' && code !== 'ENOSPC') throw error
    refuse(`cannot set up ${root}: ${message}. Run this as the owner of the clone, with space on the disk.`)
    return false
  }
}

/** @param {import('./paths.mjs').Paths} paths @param {boolean} requireBinding */
async function build(paths, requireBinding) {
  const hash = wantedHash(paths.root)
  rmSync(paths.stamp, { force: true }) // from here until the end nothing is promised
  if (!(await install(paths))) return false

  const node = await run(paths.node, ['--version'], { cwd: paths.root })
  if (!node.ok) {
    refuse(`the pinned Node does not run on this machine: ${node.said}`)
    return false
  }
  // npm packages cannot carry symbolic links, so PostgreSQL's libraries come with a list of them and a script that makes them.
  const links = await run(paths.node, [join(paths.postgres, 'scripts', 'hydrate-symlinks.js')], { cwd: paths.postgres })
  if (!links.ok) {
    refuse(`embedded PostgreSQL could not be put in place: ${links.said}`)
    return false
  }
  const ciphers = await binding(paths, requireBinding)
  if (!ciphers) return false
  writeStamp(paths, { hash, binding: ciphers })
  return true
}
