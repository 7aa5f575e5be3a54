import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { env, execPath } from 'node:process'

/** @param {string} name @returns {string | undefined} the first executable of that name on the PATH */
export const onPath = (name) =>
  (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file))

/** The npm that called us, else the first on the PATH; as a JavaScript file where it is one, so that we choose the Node that runs it. */
function npmFile() {
  const caller = env.npm_execpath
  if (caller && basename(caller) === 'npm-cli.js' && existsSync(caller)) return caller
  const found = onPath('npm')
  return found && realpathSync(found)
}

/**
 * Runs npm quietly and collects what it says.
 * @param {string[]} args
 * @param {{ cwd: string, node?: string, env?: Record<string, string> }} how `node` runs npm and comes first in the PATH of what npm starts
 * @returns {Promise<{ ok: boolean, said: string }>}
 */
export async function npm(args, how) {
  const file = npmFile()
  if (!file) return { ok: false, said: 'npm is not there: install it (Debian 12: apt-get install npm)' }
  const node = how.node ?? execPath
  const [command, first] = file.endsWith('.js') ? [node, [file]] : [file, []]
  return await run(command, [...first, ...args, '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'], {
    cwd: how.cwd,
    // the pinned Node trusts what this machine trusts, as Debian's does: a company's own certificate authority, say
    env: { NODE_USE_SYSTEM_CA: '1', ...env, ...how.env, PATH: `${dirname(node)}${delimiter}${env.PATH ?? ''}` },
  })
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} how
 * @returns {Promise<{ ok: boolean, said: string }>}
 */
export function run(command, args, how) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...how, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    const collect = (/** @type {Buffer} */ chunk) => {
      said = (said + chunk.toString('utf8')).slice(-65_536)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    // An interrupt ends the install as well; the stamp is then missing and the next run repairs what is half done.
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill(signal)
      process.exit(130)
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    /** @param {boolean} ok */
    const end = (ok) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      resolve({ ok, said: said.trim() })
    }
    child.once('error', (error) => {
      said += `${error.message}\n`
      end(false)
    })
    child.once('close', (code) => end(code === 0))
  })
}
