import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Connection, connectionUrl, passwordLine } from './connection.ts'
import { psqlEnvironment, runPsql } from './run.ts'

const connection: Connection = {
  ...{ host: '127.0.0.1', port: 6432, user: 'alice@app_admin@orders-db', database: 'orders' },
  ...{ sslmode: 'verify-full', sslrootcert: '/home/alice/my files/gateway-ca.pem' },
}
const ticket = `clvt_${'a'.repeat(22)}`
const folder = mkdtempSync(join(tmpdir(), 'claviger-psql-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a connection to a database', () => {
  test('has an address without the ticket, which other clients understand', () => {
    const url = new URL(connectionUrl(connection))
    expect(decodeURIComponent(url.username)).toBe(connection.user)
    expect(url.password).toBe('')
    expect(url.searchParams.get('sslrootcert')).toBe(connection.sslrootcert)
  })

  test('has a line in a password file, with what the file takes as special escaped', () => {
    expect(passwordLine(connection, ticket)).toBe(`127.0.0.1:6432:*:alice@app_admin@orders-db:${ticket}\n`)
    expect(passwordLine({ ...connection, host: '::1', user: 'a\\b' }, 'x:y')).toBe('\\:\\:1:6432:*:a\\\\b:x\\:y\n')
  })

  test('takes nothing of where else the person connects, and keeps their own client’s settings', () => {
    const env = psqlEnvironment(
      { PGHOST: 'elsewhere', PGPASSWORD: 'x', PGSERVICE: 's', PGOPTIONS: '-c a=b', PGTZ: 'UTC', HOME: '/h' },
      connection,
      '/f',
    )
    expect(env).toMatchObject({ PGHOST: '127.0.0.1', PGSSLMODE: 'verify-full', PGTZ: 'UTC', HOME: '/h', PGPASSFILE: '/f' })
    for (const name of ['PGPASSWORD', 'PGSERVICE', 'PGOPTIONS']) expect(env).not.toHaveProperty(name)
  })

  test('gives psql the ticket in a private file alone, passes its exit status on, and leaves nothing behind', async () => {
    // a psql that writes down what it was given
    writeFileSync(
      join(folder, 'psql'),
      `#!/bin/sh
tr '\\0' ' ' < /proc/$$/cmdline > ${folder}/argv; env > ${folder}/env; cp -p "$PGPASSFILE" ${folder}/pgpass; stat -c %a "$(dirname "$PGPASSFILE")" > ${folder}/mode; exit 7
`,
      { mode: 0o755 },
    )
    const path = process.env.PATH
    process.env.PATH = `${folder}:${path}`
    try {
      const env = { ...process.env, XDG_RUNTIME_DIR: folder }
      const before = readdirSync(folder)
      expect(await runPsql(connection, ticket, ['-c', 'select 1'], env)).toBe(7)
      const said = (name: string) => readFileSync(join(folder, name), 'utf8')
      expect(said('argv')).toContain('-c select 1')
      expect(said('argv') + said('env')).not.toContain(ticket)
      expect(said('pgpass')).toContain(ticket)
      expect(statSync(join(folder, 'pgpass')).mode & 0o777).toBe(0o600)
      expect(said('mode').trim()).toBe('700')
      expect(readdirSync(folder).filter((f) => f.startsWith('claviger-psql-') && !before.includes(f))).toEqual([])
    } finally {
      process.env.PATH = path
    }
  })
})
