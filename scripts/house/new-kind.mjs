import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { done, refuse, say } from './print.mjs'

const template = join(import.meta.dirname, 'kind-template')
const targets = 'server/src/targets'

/**
 * Makes the folder of a new target kind, with a contract test that fails, and its line in the registry.
 * @param {string | undefined} name
 * @param {string} root
 * @returns {number} the exit code
 */
export function newKind(name, root) {
  if (!name || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40 || name === 'test') {
    refuse('npm run new:kind -- NAME: small letters, digits and single hyphens, such as oracle or cisco-ios')
    return 2
  }
  const folder = join(root, targets, name)
  if (existsSync(folder)) {
    refuse(`${targets}/${name} is there already`)
    return 1
  }
  const pascal = name.replace(/(^|-)([a-z0-9])/g, (_, _hyphen, letter) => letter.toUpperCase())
  const camel = `${pascal[0]?.toLowerCase()}${pascal.slice(1)}`
  /** @type {Record<string, string>} */
  const words = { name, camel, Pascal: pascal }
  for (const file of readdirSync(template, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.txt'))) {
    const path = join(folder, file.replace(/\.txt$/, ''))
    mkdirSync(dirname(path), { recursive: true })
    const text = readFileSync(join(template, file), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, word) => words[word] ?? '')
    writeFileSync(path, text, { flag: 'wx' })
  }
  const registry = join(root, targets, 'registry.ts')
  writeFileSync(registry, withKind(readFileSync(registry, 'utf8'), name, camel))
  done(`made ${targets}/${name} and its line in ${targets}/registry.ts`)
  say(`  next: docs/adding-a-target-kind.md, and what fails: npx vitest run ${targets}/${name}`)
  return 0
}

/**
 * The registry with one kind more, in its place.
 * @param {string} registry
 * @param {string} name
 * @param {string} camel
 */
export function withKind(registry, name, camel) {
  const line = `import { ${camel} } from './${name}/index.ts'`
  const imports = registry.split('\n').filter((one) => /^import \{/.test(one))
  const before = imports.filter((one) => (one.split("'")[1] ?? '') < `./${name}/`).at(-1)
  const imported = before ? registry.replace(before, `${before}\n${line}`) : `${line}\n${registry}`
  return imported.replace(/= \[([^\]]*)\]/, (_, kinds) => {
    const listed = kinds.split(',').map((/** @type {string} */ one) => one.trim())
    return `= [${[...listed.filter(Boolean), camel].sort().join(', ')}]`
  })
}
