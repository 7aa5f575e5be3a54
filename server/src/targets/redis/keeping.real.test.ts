import { afterEach, expect, test } from 'vitest'
import { createDialer } from '../../platform/dialer/index.ts'
import { redis } from './index.ts'
import { password } from './test/harness.ts'
import { type RunningRedis, root, startRedis } from './test/start-redis.ts'

let server: RunningRedis
afterEach(() => server?.stop())

test('a server that keeps its users in memory only is changed in nothing, since the old password would be back after its next start', async () => {
  server = await startRedis('memory')
  server.cli('ACL', 'SETUSER', root.name, 'on', `>${root.password}`, '+@all')
  server.cli('ACL', 'SETUSER', 'app', 'on', '>the-old-one', '+@admin')
  const before = server.cli('ACL', 'LIST')
  const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
  const opened = redis.open({ host: '127.0.0.1', port: server.port, ca: server.tls.certificate }, dial)
  if (!opened.ok) throw new Error(opened.error.code)
  const { rotate, lifecycle = {} } = opened.value
  const identity = { certificate: server.tls.fingerprint }
  const as = { account: root.name, credential: password(root.password) }
  const refusals = [
    await rotate?.(identity, as, 'app', password('the-next-one')),
    await lifecycle.disable?.(identity, as, 'app'),
    await lifecycle.create?.(identity, as, 'fresh', password('the-next-one')),
    await lifecycle.remove?.(identity, as, 'app'),
  ]
  for (const refusal of refusals) expect(refusal).toMatchObject({ ok: false, error: { code: 'target.not_supported' } })
  expect(server.cli('ACL', 'LIST')).toBe(before)
})
