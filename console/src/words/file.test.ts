import type { session } from '@claviger/api'
import { expect, test } from 'vitest'
import { filterFiles, sizeInWords } from './file.ts'

test('sizes are said in the unit that fits', () => {
  expect([0, 1, 2, 1023, 1024, 1536, 20_480, 1024 ** 3, 5 * 1024 ** 4].map(sizeInWords)).toEqual([
    ...['0 bytes', '1 byte', '2 bytes', '1023 bytes', '1.0 KiB', '1.5 KiB', '20 KiB', '1.0 GiB', '5.0 TiB'],
  ])
})

test('files are found by path, second path, hash and message, and by what was done', () => {
  const one = (n: number, more: Partial<session.FileAct>) =>
    ({ n, op: 'get', path: '/a', to: null, sha256: null, message: null, ...more }) as session.FileAct
  const all = [
    one(1, { path: '/etc/Shadow' }),
    one(2, { op: 'rename', to: '/tmp/shadow' }),
    one(3, { sha256: 'abc123', message: 'denied' }),
  ]
  const found = (text: string, op?: session.FileAct['op']) => filterFiles(all, text, op).map(({ n }) => n)
  expect(found('shadow')).toEqual([1, 2])
  expect(found('shadow', 'rename')).toEqual([2])
  expect(found('ABC1')).toEqual([3])
  expect(found(' denied ')).toEqual([3])
  expect(found('')).toEqual([1, 2, 3])
})
