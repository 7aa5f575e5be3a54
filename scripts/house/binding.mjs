import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, onPath, run } from './npm.mjs'
import { done, progress, refuse, say, since, warn } from './print.mjs'

const tools = [
  { package: 'g++', names: ['c++', 'g++', 'clang++'] },
  { package: 'make', names: ['make', 'gmake'] },
  { package: 'python3', names: ['python3', 'python'] },
]

/** What a binding calls that was built without `object-wrap.h`: the process that loads it ends when one of its objects is collected. */
const aborts = 'RemoveEnvironmentCleanupHook'
const objectWrap = join(import.meta.dirname, 'object-wrap.h')

/**
 * True when ssh2's binding and that of pkcs11js are built as they have to be, and the pinned Node can load them.
 * @param {import('./paths.mjs').Paths} paths
 */
export const bindingLoads = async (paths) =>
  paths.bindings.every((file) => existsSync(file) && !readFileSync(file).includes(aborts)) &&
  (await run(paths.node, ['-e', 'process.argv.slice(1).forEach(require)', ...paths.bindings], { cwd: paths.root })).ok

/**
 * Builds ssh2's native ciphers, and what speaks with an HSM, against the headers that came with the pinned Node, so that nothing is downloaded.
 * Without a compiler ssh2 does the same in JavaScript, several times slower, and no seal can be in an HSM.
 * @param {import('./paths.mjs').Paths} paths
 * @param {boolean} required
 * @returns {Promise<'native' | 'javascript' | undefined>} undefined after having said why it cannot go on
 */
export async function binding(paths, required) {
  if (await bindingLoads(paths)) return 'native'
  const absent = tools.filter((tool) => !tool.names.some(onPath)).map((tool) => tool.package)
  const start = performance.now()
  let said = `not there: ${absent.join(', ')}`
  if (absent.length === 0) {
    const stop = progress(() => `building ssh2's native ciphers and the PKCS#11 binding, ${since(start)}`)
    const built = await rebuild(paths)
    stop()
    said = built.said
    if (await bindingLoads(paths)) {
      done(`built ssh2's native ciphers and the PKCS#11 binding in ${since(start)}`)
      return 'native'
    }
  }
  const log = join(paths.modules, '.claviger-binding.log')
  writeFileSync(log, `${said}\n`)
  const remedy = absent.length > 0 ? `apt-get install ${absent.join(' ')}` : `see ${log}`
  if (required) {
    refuse(`the native bindings of ssh2 and pkcs11js are required here (CI or CLAVIGER_REQUIRE_BINDING) and could not be built: ${remedy}`)
    say(said.split('\n').slice(-20).join('\n').replace(/^/gm, '  '))
    return undefined
  }
  warn(
    `JavaScript ciphers: native bindings could not be built, so SSH is slower and no seal can be in an HSM (${remedy}; then CLAVIGER_REQUIRE_BINDING=1 npm run bootstrap)`,
  )
  return 'javascript'
}

/**
 * Debian's node-gyp links what it builds to Debian's own Node (`-lnode`), and loading that into the pinned Node crashes it. An empty
 * archive of that name, found first, leaves the symbols to whoever loads the binding, as everywhere else.
 * @param {import('./paths.mjs').Paths} paths
 */
async function rebuild(paths) {
  const folder = join(paths.work, `link-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'libnode.a'), '!<arch>\n')
  try {
    return await npm(['rebuild', 'ssh2', 'cpu-features', 'pkcs11js', '--ignore-scripts=false', '--foreground-scripts'], {
      cwd: paths.root,
      node: paths.node,
      env: {
        npm_config_nodedir: paths.nodedir,
        npm_package_config_node_gyp_nodedir: paths.nodedir,
        CXXFLAGS: `-include '${objectWrap}' ${process.env.CXXFLAGS ?? ''}`,
        LDFLAGS: `-L'${folder}' ${process.env.LDFLAGS ?? ''}`,
      },
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
