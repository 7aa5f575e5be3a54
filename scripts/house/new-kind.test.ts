import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newKind, withKind } from './new-kind.mjs'
import { home } from './paths.mjs'

const targets = 'server/src/targets'
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'claviger-kind-'))
  mkdirSync(join(root, targets), { recursive: true })
  cpSync(join(home, targets, 'registry.ts'), join(root, targets, 'registry.ts'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('makes a folder with all that is asked of a kind, and its line in the registry', () => {
  expect(newKind('cisco-ios', root)).toBe(0)
  const made = readdirSync(join(root, targets, 'cisco-ios'), { recursive: true }).sort()
  expect(made).toEqual(
    expect.arrayContaining([
      'README.md',
      'contract.real.test.ts',
      'identify.ts',
      'index.ts',
      'settings.ts',
      'test/harness.ts',
      'verify.ts',
    ]),
  )
  expect(readFileSync(join(root, targets, 'cisco-ios/index.ts'), 'utf8')).toContain(
    `export const ciscoIos = defineTargetKind({\n  name: 'cisco-ios'`,
  )
  const registry = readFileSync(join(root, targets, 'registry.ts'), 'utf8')
  expect(registry).toContain(`import { ciscoIos } from './cisco-ios/index.ts'`)
  expect(registry).toMatch(/= \[.*\bciscoIos\b.*\]/)
  for (const file of made.filter((one) => /\.(ts|md)$/.test(String(one))))
    expect(readFileSync(join(root, targets, 'cisco-ios', String(file)), 'utf8')).not.toMatch(/\{\{|\}\}/)
})

test('keeps the registry in order, also at its beginning and its end', () => {
  const registry = `import type { TargetKind } from './contract.ts'\nimport { b } from './b/index.ts'\n\nexport const targetKinds: readonly TargetKind[] = [b]\n`
  for (const [name, kinds] of [
    ['a', '[a, b]'],
    ['c', '[b, c]'],
  ] as const)
    expect(withKind(registry, name, name)).toContain(kinds)
})

test.each(['', 'Oracle', '../x', 'a--b', '-a', 'test', 'a'.repeat(41)])('refuses %j as a name', (name) => {
  expect(newKind(name, root)).toBe(2)
  expect(readdirSync(join(root, targets))).toEqual(['registry.ts'])
})

test('never writes over a kind that is there', () => {
  mkdirSync(join(root, targets, 'oracle'))
  expect(newKind('oracle', root)).toBe(1)
  expect(existsSync(join(root, targets, 'oracle/index.ts'))).toBe(false)
})
