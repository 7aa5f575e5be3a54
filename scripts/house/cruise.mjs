import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'

const folders = ['api', 'server', 'cli', 'console', 'lab', 'test', 'bench', 'scripts']
const passed = new Set(['node_modules', 'dist', 'data', '.bootstrap'])

/** @param {string} root @param {string} folder @returns {string[]} TypeScript sources below, relative to root */
function sourcesIn(root, folder) {
  /** @type {import('node:fs').Dirent[]} */
  let entries = []
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true })
  } catch {
    return [] // a folder that this tree does not have
  }
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return passed.has(entry.name) ? [] : sourcesIn(root, join(folder, entry.name))
    return /\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : []
  })
}

/**
 * @typedef {{ violations: { rule: string, from: string, to: string }[], modules: string[], sources: string[], unseen: string[] }} Cruised
 *   `unseen`: sources that were not cruised. A TypeScript that the cruiser cannot use makes it see nothing and find nothing wrong.
 */

/**
 * Applies dependencies.cjs to a tree.
 * @param {string} root
 * @param {string} rules path of the rule file
 * @returns {Promise<Cruised>}
 */
export async function cruiseTree(root, rules = join(root, 'dependencies.cjs')) {
  const { options, ...ruleSet } = createRequire(import.meta.url)(rules)
  const sources = folders.flatMap((folder) => sourcesIn(root, folder))
  const starts = folders.filter((folder) => sources.some((source) => source.startsWith(`${folder}/`)))
  const { enhancedResolveOptions, ...cruiseOptions } = options
  const { output } = await cruise(starts, { ...cruiseOptions, baseDir: root, validate: true, ruleSet }, enhancedResolveOptions)
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text')
  const modules = output.modules
    .filter((module) => /\.tsx?$/.test(module.source) && !module.source.includes('node_modules/'))
    .map((module) => module.source)
  const seen = new Set(modules)
  return {
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    modules,
    sources,
    unseen: sources.filter((source) => !seen.has(source)),
  }
}

/**
 * What is wrong with a cruised tree, a line each; empty when nothing is.
 * @param {Cruised} cruised
 */
export function problems({ violations, sources, unseen }) {
  const lines = violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`)
  if (unseen.length > 0)
    lines.push(
      `only ${sources.length - unseen.length} of ${sources.length} source files were looked at; not ${unseen.slice(0, 5).join(', ')}`,
    )
  if (sources.length === 0) lines.push('no source file was looked at')
  return lines
}
