import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type MysqlConnection, mysqlUrl, optionFile } from './connection.ts'
import { runMariadb } from './run.ts'

const connection: MysqlConnection = {
  ...{ host: '127.0.0.1', port: 3307, user: 'alice@app@shop-db', database: 'shop' },
  sslCa: '/home/alice/my files/gateway-ca.pem',
}
const ticket = `clvt_${'a'.repeat(22)}`
const folder = mkdtempSync(join(tmpdir(), 'claviger-mariadb-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a connection to MySQL', () => {
  test('has an address without the ticket', () => {
    expect(mysqlUrl(connection)).toBe('mysql://alice%40app%40shop-db@127.0.0.1:3307/shop')
  })

  test('has an option file in which no value can begin another option', () => {
    const file = optionFile({ ...connection, user: 'a"\\b#c' }, ticket)
    expect(file).toContain('user="a\\"\\\\b#c"\n')
    expect(file).toContain('ssl-ca="/home/alice/my files/gateway-ca.pem"\n')
    expect(file).toMatch(/^ssl-verify-server-cert$/m)
  })

  test('gives mariadb the ticket in a private file alone, passes its exit status on, and leaves nothing behind', async () => {
    // a mariadb that writes down what it was given
    const script = `#!/bin/sh
tr '\\0' ' ' < /proc/$$/cmdline > ${folder}/argv; env > ${folder}/env; f=\${1#--defaults-file=}; cp -p "$f" ${folder}/cnf; stat -c %a "$f" > ${folder}/mode; exit 7
`
    writeFileSync(join(folder, 'mariadb'), script, { mode: 0o755 })
    const path = process.env.PATH
    process.env.PATH = `${folder}:${path}`
    try {
      const env = { ...process.env, XDG_RUNTIME_DIR: folder, MYSQL_PWD: 'another one' }
      expect(await runMariadb(connection, ticket, ['-e', 'select 1'], env)).toBe(7)
      const said = (name: string) => readFileSync(join(folder, name), 'utf8')
      expect(said('argv')).toContain('-e select 1')
      expect(said('argv') + said('env')).not.toContain(ticket)
      expect(said('env')).not.toContain('MYSQL_PWD')
      expect(said('cnf')).toContain(ticket)
      expect(said('mode').trim()).toBe('600')
      expect(readdirSync(folder).filter((name) => name.startsWith('claviger-mariadb-'))).toEqual([])
    } finally {
      process.env.PATH = path
    }
  })
})
