// `npm run package`: makes dist/claviger-VERSION-linux-ARCH.tar.gz, which runs where there is no network, no npm and no Node.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { buildConsole } from './house/console.mjs'
import { home, pathsOf } from './house/paths.mjs'

const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
const name = `claviger-${version}-linux-${process.arch}`
const dist = join(home, 'dist')
const stage = join(dist, name)
const workspaces = ['server', 'cli', 'api']
const npmCli = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
/** @type {[string, string[]]} */
const npm = existsSync(npmCli) ? [process.execPath, [npmCli]] : ['npm', []]
/** @param {string[]} args */
const runNpm = (args) => {
  const only = ['--omit=dev', ...workspaces.flatMap((w) => ['-w', w]), '--include-workspace-root']
  return execFileSync(npm[0], [...npm[1], ...args, ...only], { cwd: home, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}
/** @param {string[]} args */
const git = (...args) => execFileSync('git', args, { cwd: home, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).trim()

if (!(await buildConsole(pathsOf(home)))) process.exit(1)
rmSync(stage, { recursive: true, force: true })
mkdirSync(stage, { recursive: true })

// what is committed: sources, policies, pages; nothing that only tests and builds need
const wanted =
  /^(api|server|cli|policies|docs)\/|^(claviger|package\.json|package-lock\.json|LICENSE|README\.md|SECURITY\.md|CHANGELOG\.md)$/
const unwanted = /\.(test|fixture)\.tsx?$|\/(test|__snapshots__)\//
for (const path of git('ls-files').split('\n')) if (wanted.test(path) && !unwanted.test(path)) copy(path)
copy('console/dist')

// the modules of the lockfile that the product needs, as they are installed here: native parts are built already
for (const folder of runNpm(['ls', '--all', '--parseable']).split('\n')) {
  const path = relative(home, folder)
  // installed by swagger-ui-dist, imported by nothing: it reports installations to its maker
  if (/^((server|cli|api)\/)?node_modules\//.test(path) && existsSync(folder) && !/node_modules\/@(scarf|claviger)\//.test(path)) copy(path)
}
mkdirSync(join(stage, 'node_modules/@claviger'), { recursive: true })
for (const workspace of workspaces) symlinkSync(`../../${workspace}`, join(stage, 'node_modules/@claviger', workspace))
// nothing is installed at the first start
writeFileSync(join(stage, 'node_modules/.claviger-stamp'), `packaged ${git('rev-parse', 'HEAD')}\n`)
writeFileSync(join(stage, 'sbom.cdx.json'), runNpm(['sbom', '--sbom-format=cyclonedx']))

// the same commit and modules make the same bytes
const archive = `${name}.tar.gz`
const time = git('log', '-1', '--format=%ct')
const order = ['--sort=name', `--mtime=@${time}`, '--owner=0', '--group=0', '--numeric-owner', '--mode=go-w,a+rX']
execFileSync('tar', [...order, '--use-compress-program=gzip -n -6', '-cf', archive, name], { cwd: dist, stdio: 'inherit' })
const sum = createHash('sha256')
  .update(readFileSync(join(dist, archive)))
  .digest('hex')
writeFileSync(join(dist, 'SHA256SUMS'), `${sum}  ${archive}\n`)
rmSync(stage, { recursive: true, force: true })
process.stdout.write(`dist/${archive}\n`)

/** @param {string} path */
function copy(path) {
  cpSync(join(home, path), join(stage, path), { recursive: true, verbatimSymlinks: true })
}
