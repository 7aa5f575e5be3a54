import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { follow } from './follow.mjs'
import { run } from './npm.mjs'
import { asColourful } from './print.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * What a vitest run came to. A file that could not even be loaded, and an error outside of any test, count as one failed each:
 * a run that ends badly never counts as zero failed.
 * @param {string} file vitest's JSON report
 * @param {boolean} ok whether vitest itself ended well
 * @returns {Counts}
 */
export function countsOf(file, ok) {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  ).length
  const failed = report.numFailedTests + unloaded
  return { passed: report.numPassedTests, failed: ok ? failed : Math.max(failed, 1), skipped: report.numPendingTests + report.numTodoTests }
}

/**
 * @template T
 * @param {import('./paths.mjs').Paths} paths
 * @param {string} project
 * @param {string[]} filters
 * @param {(args: string[], report: string) => Promise<T>} work
 */
async function reported(paths, project, filters, work) {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-vitest-'))
  const report = join(folder, 'report.json')
  const vitest = join(paths.modules, 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  try {
    return await work([vitest, 'run', '--project', project, '--passWithNoTests', ...reporters, ...filters], report)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * One project, shown only when it fails.
 * @param {import('./paths.mjs').Paths} paths
 * @param {string} project
 */
export const vitestQuietly = (paths, project) =>
  reported(paths, project, [], async (args, report) => {
    const { ok, said } = await run(paths.node, args, { cwd: paths.root, env: asColourful })
    return { ok, said, counts: countsOf(report, ok) }
  })

/**
 * One project, shown while it runs. `filters` are parts of file names.
 * @param {import('./paths.mjs').Paths} paths
 * @param {string} project
 * @param {string[]} filters
 */
export const vitestInFront = (paths, project, filters) =>
  reported(paths, project, filters, async (args, report) =>
    countsOf(report, (await follow(paths.node, args, paths.root, { env: asColourful })) === 0),
  )
