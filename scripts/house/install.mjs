import { copyFileSync, existsSync, linkSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { demanded, installedByHand, missing } from './complete.mjs'
import { npm } from './npm.mjs'
import { done, progress, refuse, say, since } from './print.mjs'
import { runningServer } from './running-server.mjs'

const everything = ['ci', '--ignore-scripts', '--include=dev', '--include=optional']
/** The root package has nothing but the pinned Node outside its tools. */
const pinnedNode = ['ci', '--ignore-scripts', '--omit=dev', '--include=optional', '--workspaces=false']

/**
 * Brings node_modules to what package-lock.json says. No install script of any package runs here: the two that we need are run by name later.
 * @param {import('./paths.mjs').Paths} paths
 * @returns {Promise<boolean>} false after having said why not
 */
export async function install(paths) {
  const { root } = paths
  if (installedByHand(root)) return true
  const server = runningServer(root)
  if (server !== undefined) {
    refuse(
      `Claviger runs from this clone (process ${server}) and its modules must be replaced: stop it (Ctrl-C, or kill ${server}), then try again.`,
    )
    return false
  }
  const start = performance.now()
  const total = demanded(root).length
  say(`installing ${total} packages into node_modules (Node ${process.versions.node})`)
  const stop = progress(() => `${total - missing(root).length} of ${total} packages, ${since(start)}`)
  try {
    // Node 18 and 19 are too old for many packages: fetch the pinned Node with them, and nothing else yet
    const first = await npm(Number.parseInt(process.versions.node, 10) < 20 ? pinnedNode : everything, { cwd: root })
    if (!first.ok) return failed(first.said)
    if (missing(root).length > 0) {
      say('  some packages ask for a newer Node: going on with the pinned one')
      const second = await again(paths)
      if (!second.ok) return failed(second.said)
    }
  } finally {
    stop()
  }
  const gaps = missing(root)
  if (gaps.length > 0) return failed(`npm says it is done, but these are missing: ${gaps.join(', ')}`)
  done(`installed ${total} packages in ${since(start)}`)
  return true
}

/**
 * Everything, on the pinned Node: npm leaves out optional packages that the Node it runs on is too old for. npm empties
 * node_modules first, so the pinned Node is kept beside it meanwhile.
 * @param {import('./paths.mjs').Paths} paths
 */
async function again(paths) {
  if (!existsSync(paths.node)) return { ok: false, said: `npm did not install node-linux-${process.arch}` }
  const folder = join(paths.work, `node-${process.pid}`)
  const kept = join(folder, 'node')
  mkdirSync(folder, { recursive: true })
  try {
    try {
      linkSync(paths.node, kept)
    } catch {
      copyFileSync(paths.node, kept)
    }
    return await npm(everything, { cwd: paths.root, node: kept })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} said */
function failed(said) {
  refuse('the install failed; npm said:')
  say(said.replace(/^/gm, '  '))
  return false
}
