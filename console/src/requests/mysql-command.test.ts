import { expect, test } from 'vitest'
import { mariadbCommand, mysqlUri } from './mysql-command.ts'

test('the command for mariadb names the place and the authority, and not the ticket', () => {
  expect(mariadbCommand({ host: '127.0.0.1', port: 3307, user: 'alice@app@shop-db' })).toBe(
    'mariadb -h 127.0.0.1 -P 3307 -u alice@app@shop-db -p --ssl-ca=claviger-gateway-ca.pem --ssl-verify-server-cert',
  )
})

test('what a shell takes as special is quoted', () => {
  expect(mariadbCommand({ host: '127.0.0.1', port: 1, user: "alice@a$b'c@d" })).toContain(`-u 'alice@a$b'\\''c@d' -p`)
})

test('an address holds the user name as one field', () => {
  const url = new URL(mysqlUri({ host: '::1', port: 3307, user: 'alice@app@shop-db' }))
  expect([decodeURIComponent(url.username), url.host]).toEqual(['alice@app@shop-db', '[::1]:3307'])
})
