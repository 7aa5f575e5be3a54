import { expect, test } from 'vitest'
import { explain } from '../../kernel/errors.ts'
import { fileRefusal, postgresServerErrorFaces, withFiles } from './errors.ts'
import { explainOutput } from './explain-output.ts'

const errno = (code: string): Error => Object.assign(new Error(code), { code })

test.each([
  ['ENOSPC', 'database.disk_full', /Free at least/],
  ['EDQUOT', 'database.disk_full', /Free at least/],
  ['EROFS', 'database.read_only', /Remount it writable/],
  ['EACCES', 'database.not_permitted', /CLAVIGER_DATA/],
])('a file error %s becomes %s with advice', async (code, expected, advice) => {
  const result = await withFiles('/data', () => Promise.reject(errno(code)))
  if (result.ok) throw new Error('it should be refused')
  expect(result.error.code).toBe(expected)
  expect(explain(postgresServerErrorFaces, result.error).body.message).toMatch(advice)
})

test('a file error that no operator can act on stays an exception', async () => {
  expect(fileRefusal(errno('EBADF'), '/data')).toBeUndefined()
  await expect(withFiles('/data', () => Promise.reject(errno('EBADF')))).rejects.toThrow('EBADF')
})

test.each([
  ['PANIC:  could not write to file "pg_wal/xlogtemp.12": No space left on device', 'database.disk_full'],
  ['initdb: error: could not create directory "/d/pg_wal": Read-only file system', 'database.read_only'],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'database.port_taken'],
  ['FATAL:  could not load /d/cluster/pg_hba.conf', 'database.start_failed'],
])('what PostgreSQL said last is understood: %s', (line, code) => {
  expect(explainOutput(['LOG:  starting', line], { folder: '/d', address: '127.0.0.1:1' }).code).toBe(code)
})
