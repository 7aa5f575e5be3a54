import { expect, test } from 'vitest'
import { psqlUri } from './psql-command.ts'
import { sshCommand } from './ssh-command.ts'

test('an ssh command names person, account and target, and a shell changes nothing of it', () => {
  expect(sshCommand({ host: '127.0.0.1', port: 2222, user: 'alice@deploy@web01' })).toBe('ssh -p 2222 -l alice@deploy@web01 127.0.0.1')
  expect(sshCommand({ host: '::1', port: 22, user: 'alice@svc$x\\y@web01' })).toBe("ssh -p 22 -l 'alice@svc$x\\y@web01' ::1")
})

test('a connection string for other clients escapes the name, and holds no password', () => {
  expect(psqlUri({ host: '127.0.0.1', port: 6432, user: 'alice@app_admin@orders-db', database: 'orders' })).toBe(
    'postgresql://alice%40app_admin%40orders-db@127.0.0.1:6432/orders?sslmode=verify-full',
  )
  expect(new URL(psqlUri({ host: '::1', port: 6432, user: 'a@b@c', database: 'my db' })).pathname).toBe('/my%20db')
})
