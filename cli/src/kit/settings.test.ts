import { expect, test } from 'vitest'
import { defaultServer } from './settings.ts'

test.each([
  [{}, 'http://127.0.0.1:8200'],
  [{ CLAVIGER_HTTP_PORT: '18200' }, 'http://127.0.0.1:18200'],
  [{ CLAVIGER_HTTP_PORT: '' }, 'http://127.0.0.1:8200'],
  [{ CLAVIGER_HTTP_PORT: '0' }, 'http://127.0.0.1:8200'],
  [{ CLAVIGER_HTTP_PORT: '65536' }, 'http://127.0.0.1:8200'],
  [{ CLAVIGER_HTTP_PORT: '80@evil.example' }, 'http://127.0.0.1:8200'],
])('a server on this machine is looked for where %j would start it', (env, server) => {
  expect(defaultServer(env)).toBe(server)
})
