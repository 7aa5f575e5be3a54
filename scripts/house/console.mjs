import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alone } from './lock.mjs'
import { run } from './npm.mjs'
import { dim, done, progress, refuse, say, since } from './print.mjs'

/** What the built console is made of: its own files, and the contract that it shares with the server. */
const sources = [
  'console/src',
  'console/public',
  'console/index.html',
  'console/package.json',
  'console/vite.config.ts',
  'api/src',
  'package-lock.json',
]

/** @param {string} file @returns {string[]} the file, or every file below it, in one order everywhere */
function filesIn(file) {
  if (!existsSync(file)) return []
  if (!statSync(file).isDirectory()) return [file]
  return readdirSync(file)
    .sort()
    .flatMap((name) => filesIn(join(file, name)))
}

/** @param {string} root */
function sourceHash(root) {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((source) => filesIn(join(root, source)))) {
    const bytes = readFileSync(file)
    hash.update(`${file.slice(root.length)}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

/**
 * Builds console/dist when its sources changed since the last build.
 * @param {import('./paths.mjs').Paths} paths
 * @returns {Promise<boolean>} false after having said why not
 */
export async function buildConsole(paths) {
  const folder = join(paths.root, 'console')
  if (!existsSync(join(folder, 'vite.config.ts'))) {
    say(dim('the console has no vite.config.ts yet: not built'))
    return true
  }
  const stamp = join(folder, 'dist', '.built-from')
  const current = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash(paths.root)
  if (current()) return true
  const waiting = (/** @type {string} */ pid) => say(`the console is being built by process ${pid}: waiting for it`)
  return await alone(paths.work, 'console', waiting, async () => {
    if (current()) return true
    const from = sourceHash(paths.root) // before the build: a file saved meanwhile makes the next start build again
    const start = performance.now()
    const stop = progress(() => `building the console, ${since(start)}`)
    const built = await run(paths.node, [join(paths.modules, 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], { cwd: folder })
    stop()
    if (!built.ok) {
      refuse('the console could not be built:')
      say(built.said.replace(/^/gm, '  '))
      return false
    }
    writeFileSync(stamp, from)
    done(`built the console in ${since(start)}`)
    return true
  })
}
