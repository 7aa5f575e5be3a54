import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildConsole } from './console.mjs'
import { follow } from './follow.mjs'
import { home, pathsOf } from './paths.mjs'
import { prepare } from './prepare.mjs'
import { refuse } from './print.mjs'

/**
 * What each npm script runs. `server` ones live long and end by signal; the console is built first. `starts` ones start programs of ours: what Node
 * compiled once is kept for the next, beside the packages that it was compiled from.
 * @type {Record<string, { file: string, args?: string[], server?: true, starts?: true }>}
 */
const commands = {
  // the debugger signal is off: whoever may send it could read every secret
  start: { file: 'server/src/main.ts', args: ['supervisor', '--lab'], server: true, starts: true },
  tour: { file: 'test/tour/main.ts', starts: true },
  check: { file: 'scripts/check.mjs' },
  test: { file: 'scripts/test.mjs', starts: true },
  bench: { file: 'bench/main.ts' },
  faults: { file: 'test/faults/main.ts', starts: true },
  conformance: { file: 'test/conformance/main.ts', starts: true },
  package: { file: 'scripts/package.mjs' },
  'new:kind': { file: 'scripts/new-kind.mjs' },
  knip: { file: 'node_modules/knip/bin/knip.js' },
}

/**
 * @param {string | undefined} name
 * @param {string[]} args
 * @param {string} root
 * @returns {Promise<number>} the exit code
 */
export async function runCommand(name, args, root = home) {
  const command = commands[name ?? '']
  if (!command) {
    refuse(`run.mjs knows ${Object.keys(commands).join(', ')}; not ${name ? `"${name}"` : 'nothing'}`)
    return 2
  }
  if (!(await prepare(root))) return 1
  const paths = pathsOf(root)
  const file = join(root, command.file)
  if (!existsSync(file)) {
    refuse(`${command.file} is not in this clone, so there is nothing to ${name} yet`)
    return 1
  }
  const env = { ...process.env, ...(command.starts && { NODE_COMPILE_CACHE: join(paths.modules, '.cache', 'compiled') }) }
  if (!command.server) return await follow(paths.node, [file, ...(command.args ?? []), ...args], root, { env })
  if (!(await buildConsole(paths))) return 1
  return await follow(paths.node, ['--disable-sigusr1', file, ...(command.args ?? []), ...args], root, { ownGroup: true, env })
}
