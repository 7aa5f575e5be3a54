import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fail } from '../kernel/result.ts'
import { targetKinds } from './registry.ts'

const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'test')

test('every folder here is in the registry, under its own name', () => {
  expect(targetKinds.map((kind) => kind.name).sort()).toEqual(folders.map((entry) => entry.name).sort())
})

test.each(targetKinds.filter((kind) => kind.reached))('$name says what it can do and what it is', (kind) => {
  expect(kind.capabilities).toContain('verify')
  expect(kind.credentialKinds.length).toBeGreaterThan(0)
  for (const file of ['README.md', 'contract.real.test.ts']) expect(existsSync(join(import.meta.dirname, kind.name, file)), file).toBe(true)
})

test.each(targetKinds.filter((kind) => !kind.reached))('$name is not reached, and claims nothing', (kind) => {
  expect(kind.capabilities).toEqual([])
  expect(kind.open({}, async () => fail({ code: 'target.unreachable', detail: '' }))).toEqual(
    fail({ code: 'target.not_reached', kind: kind.name }),
  )
  expect(existsSync(join(import.meta.dirname, kind.name, 'README.md'))).toBe(true)
})

test.each(targetKinds)('$name refuses settings that are not its own, with the field that is wrong', (kind) => {
  const opened = kind.open({ host: '', port: -1, surprise: true }, async () => ({
    ok: false,
    error: { code: 'target.unreachable', detail: '' },
  }))
  expect(opened).toMatchObject({
    ok: false,
    error: { code: 'target.settings_invalid', issues: expect.arrayContaining([expect.stringContaining('host')]) },
  })
})
