import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readDatabaseUrl } from './database-url.ts'
import { readExternalDatabase } from './external-settings.ts'
import { rolePassword } from './role-passwords.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-url-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const ca = file('ca.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n')

test('a URL is read as PostgreSQL’s own clients read it', () => {
  expect(readDatabaseUrl('postgres://own%40er:p%25w@127.0.0.1:5433/clav%20iger')).toMatchObject({
    ok: true,
    value: { host: '127.0.0.1', port: 5433, user: 'own@er', password: 'p%w', database: 'clav iger' },
  })
  expect(readDatabaseUrl('postgresql://o:p@/claviger?host=/var/run/postgresql')).toMatchObject({
    ok: true,
    value: { host: '/var/run/postgresql', port: 5432 },
  })
})

test('off this machine the server must prove its name, also when nothing was said', () => {
  const plain = readDatabaseUrl('postgres://o:p@db.example.org/claviger')
  expect(plain).toMatchObject({ ok: true, value: { ssl: {} } })
  expect(readDatabaseUrl(`postgres://o:p@192.0.2.4/claviger?sslmode=verify-full&sslrootcert=${ca}`)).toMatchObject({
    ok: true,
    value: { ssl: { host: '192.0.2.4', ca: expect.stringContaining('BEGIN') } },
  })
  expect(readDatabaseUrl('postgres://o:p@localhost/claviger')).not.toHaveProperty('value.ssl')
  expect(readDatabaseUrl('postgres://o:p@localhost/claviger?sslmode=verify-full')).toHaveProperty('value.ssl')
})

test.each([
  ['postgres://o:pass-word@db.example.org/c?sslmode=require', 'verify-full'],
  ['postgres://o:pass-word@db.example.org/c?sslmode=prefer', 'verify-full'],
  ['postgres://o:pass-word@db.example.org/c?sslmode=disable', 'verify-full'],
  ['postgres://o:pass-word@127.example.org/c?sslmode=disable', 'verify-full'],
  ['postgres://o:pass-word@db.example.org/c?sslrootcert=/nowhere/ca', 'cannot be read'],
  [`postgres://o:pass-word@db.example.org/c?sslrootcert=${file('empty', '\n')}`, 'no certificate'],
  ['postgres://o:pass-word@db.example.org/c?options=-cfoo%3Dbar', 'may not set options'],
  ['postgres://o:pass-word@db.example.org', 'name a role and one database'],
  ['postgres:///claviger', 'name a role'],
  ['postgres://o:pass-word@/claviger', 'names no host'],
  ['mysql://o:pass-word@db/c', 'postgres://'],
  ['postgres://o:pass%zzword@db/c', 'hexadecimal'],
  ['host=db password=pass-word', 'not an address'],
])('%s is refused, with what to do and without its password', (url, says) => {
  const read = readDatabaseUrl(url)
  expect(read).toMatchObject({ ok: false, error: expect.stringContaining(says) })
  expect(JSON.stringify(read)).not.toContain('pass-word')
})

test('the settings: a file in place of the environment, and a secret where the URL has no password', () => {
  const url = 'postgres://o:secret@localhost/c'
  expect(readExternalDatabase({})).toEqual({ ok: true, value: undefined })
  expect(readExternalDatabase({ DATABASE_URL: url })).toMatchObject({ value: { secret: 'secret' } })
  expect(readExternalDatabase({ DATABASE_URL_FILE: file('url', `${url}\n`) })).toMatchObject({ value: { secret: 'secret' } })
  expect(readExternalDatabase({ DATABASE_URL: url, DATABASE_URL_FILE: '/x' })).toMatchObject({ error: expect.stringContaining('not both') })
  expect(readExternalDatabase({ DATABASE_URL: 'postgres://o@localhost/c' })).toMatchObject({
    error: expect.stringContaining('CLAVIGER_DATABASE_SECRET_FILE'),
  })
  const secret = file('secret', 'x'.repeat(40))
  expect(readExternalDatabase({ DATABASE_URL: 'postgres://o@localhost/c', CLAVIGER_DATABASE_SECRET_FILE: secret })).toMatchObject({
    value: { secret: 'x'.repeat(40) },
  })
  expect(readExternalDatabase({ DATABASE_URL: url, CLAVIGER_DATABASE_SECRET_FILE: file('short', 'abc') })).toMatchObject({
    error: expect.stringContaining('fewer than'),
  })
})

test('every node makes the same passwords, and one role’s says nothing of another’s', () => {
  expect(rolePassword('s', 'server')).toBe(rolePassword('s', 'server'))
  expect(new Set(['server', 'gateway', 'keeper'].map((r) => rolePassword('s', r as 'server')))).toHaveProperty('size', 3)
})
