import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { Secret } from '../../../kernel/secret.ts'
import { generateKey } from './folder.ts'
import type { Door } from './open-door.ts'

/** A target called old1, in this process, that takes one password and does with a command what `answer` says. */
export async function passwordTarget(
  door: Door,
  password: string,
  answer: (stream: ssh2.ServerChannel, command: string, session: ssh2.Session) => void,
) {
  const hostKey = generateKey(join(door.folder, 'old-host'))
  const attempts: string[] = []
  const server = new ssh2.Server({ hostKeys: [hostKey.pem] }, (client) => {
    client.on('error', () => {})
    client.on('authentication', (ctx) => {
      attempts.push(ctx.method)
      if (ctx.method === 'password' && ctx.password === password) return ctx.accept()
      ctx.reject(['password'])
    })
    client.on('session', (accept) => {
      const session = accept()
      session.on('exec', (take, _no, { command }) => answer(take(), command, session))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const login = () => ({ account: 'deploy', credential: { kind: 'password' as const, secret: Secret.fromText(password) } })
  const identity = { algorithm: hostKey.type, fingerprint: hostKey.fingerprint }
  door.host.targets.set('old1', { host: '127.0.0.1', port: (server.address() as AddressInfo).port, identity, login, scrub: password })
  door.host.grant('alice', 'deploy@old1')
  return { attempts, close: () => server.close() }
}
