import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './npm.mjs'
import { asColourful, dim, done, progress, refuse, say, since } from './print.mjs'
import { vitestQuietly } from './vitest.mjs'

/** Two at a time: that is how many cores the smallest machine has that this is meant for. */
const atOnce = 2

/**
 * @typedef {{ ok: boolean, said: string, counts?: import('./vitest.mjs').Counts }} Outcome
 * @typedef {{ name: string, work: () => Promise<Outcome> }} Step
 */

/** @param {import('./paths.mjs').Paths} paths @returns {Step[]} the longest first */
function stepsOf(paths) {
  const tool = (/** @type {string[]} */ file, /** @type {string[]} */ args) => () =>
    run(paths.node, [join(paths.root, ...file), ...args], { cwd: paths.root, env: asColourful })
  const tsc = ['node_modules', 'typescript', 'bin', 'tsc']
  const steps = [
    { name: 'unit tests', work: () => vitestQuietly(paths, 'unit') },
    { name: 'types', work: tool(tsc, ['-p', '.']) },
    { name: 'format and lint', work: tool(['node_modules', '@biomejs', 'biome', 'bin', 'biome'], ['check', '--error-on-warnings']) },
    { name: 'dependency rules', work: tool(['scripts', 'rules.mjs'], []) },
  ]
  if (existsSync(join(paths.root, 'console', 'tsconfig.json')))
    steps.push({ name: 'types of the console', work: tool(tsc, ['-p', 'console']) })
  return steps
}

/**
 * Runs every step, also when one failed, and prints each as it ends.
 * @param {import('./paths.mjs').Paths} paths
 * @returns {Promise<import('./vitest.mjs').Counts>} the unit tests' counts; a failed step of another kind counts as one failed
 */
export async function check(paths) {
  const began = performance.now()
  const total = { passed: 0, failed: 0, skipped: 0 }
  const waiting = stepsOf(paths)
  /** @type {Set<string>} */
  const running = new Set()
  const stop = progress(() => `${[...running].join(', ')} … ${since(began)}`)

  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      running.add(step.name)
      const start = performance.now()
      const { ok, said, counts } = await step.work()
      running.delete(step.name)
      const took = dim(since(start))
      if (ok) done(`${step.name}${counts ? ` (${counts.passed})` : ''} ${took}`)
      else {
        refuse(`${step.name} ${took}`)
        say(said.replace(/^/gm, '  '))
      }
      if (counts) for (const kind of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[kind] += counts[kind]
      else if (!ok) total.failed += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  stop()
  const verdict = total.failed === 0 ? done : refuse
  verdict(`check ${total.failed === 0 ? 'passed' : 'failed'} ${dim(since(began))}`)
  return total
}
