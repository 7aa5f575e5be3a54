import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { psqlCommand } from './psql-command.ts'

const place = { host: '127.0.0.1', port: 6432, user: 'alice@app_admin@orders-db', database: 'orders' }

describe('the command for psql', () => {
  test('says everything but the ticket', () => {
    expect(psqlCommand(place)).toBe(
      'psql "host=127.0.0.1 port=6432 user=alice@app_admin@orders-db dbname=orders sslmode=verify-full sslrootcert=claviger-gateway-ca.pem"',
    )
  })

  test.each(["it's", 'a b', '$(id)', '`id`', 'a"b', 'a\\b'])('is one argument for a shell, also for a database called %s', (database) => {
    const out = execFileSync('/bin/sh', ['-c', psqlCommand({ ...place, database }).replace(/^psql/, 'printf "%s"')]).toString()
    expect(out).toContain(`dbname='${database.replaceAll(/['\\]/g, '\\$&')}' sslmode`)
  })
})
