import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findInFiles, formsOf } from './planted.ts'

test('a text is found as itself and in every form in which programs write it down', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-planted-'))
  try {
    const text = 'pl4nted~credential-of-a-test'
    const needles = formsOf('it', text)
    const inside = JSON.stringify({ a: 1, value: text, more: true })
    const written: Record<string, string | Buffer> = {
      plain: `x ${inside}`,
      hex: Buffer.from(inside).toString('hex'),
      wide: Buffer.from(inside, 'utf16le'),
      ...Object.fromEntries([0, 1, 2].map((n) => [`base64-${n}`, Buffer.from('y'.repeat(n) + inside).toString('base64')])),
      ...Object.fromEntries([0, 1, 2].map((n) => [`base64url-${n}`, Buffer.from('y'.repeat(n) + inside).toString('base64url')])),
      // across two reads
      far: Buffer.concat([Buffer.alloc(4 * 1024 * 1024 - 5), Buffer.from(text)]),
    }
    for (const [name, value] of Object.entries(written)) {
      writeFileSync(join(folder, name), value)
      expect(findInFiles(folder, needles).found.length, name).toBeGreaterThan(0)
      rmSync(join(folder, name))
    }
    writeFileSync(join(folder, 'other'), 'pl4nted~credential-of-another-test')
    expect(findInFiles(folder, needles).found).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('links are not gone through: a folder that links upwards is read once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-planted-'))
  try {
    symlinkSync(folder, join(folder, 'run'))
    writeFileSync(join(folder, 'one'), 'pl4nted~once')
    expect(findInFiles(folder, { once: Buffer.from('pl4nted~once') })).toEqual({ read: 12, found: [`${join(folder, 'one')}: once`] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
