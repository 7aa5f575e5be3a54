import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFolder } from './folder.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'claviger-folder-'))
})
afterAll(() => rmSync(root, { recursive: true }))

describe('what is written over again and again', () => {
  const file = () => join(root, 'note')
  const inode = () => statSync(file()).ino

  test('holds what was written last, in its place where the length is the same, and whole where it is not', () => {
    const folder = openFolder(root)
    folder.overwrite('note', 'size 9 ä')
    const first = inode()
    folder.overwrite('note', 'size 8 ö')
    expect([readFileSync(file(), 'utf8'), inode()]).toEqual(['size 8 ö', first])
    for (const content of ['size 10 ä', 'short', 'x'.repeat(513), 'y'.repeat(513)]) {
      const before = inode()
      folder.overwrite('note', content)
      expect(readFileSync(file(), 'utf8')).toBe(content)
      expect(inode(), 'a fresh file takes its place').not.toBe(before)
    }
    expect(readdirSync(root)).toEqual(['note'])
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })
})
