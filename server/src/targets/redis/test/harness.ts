import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:tls'
import { Secret } from '../../../kernel/secret.ts'
import { storedPassword } from '../../../protocols/redis/index.ts'
import type { Credential, CredentialKind, Login } from '../../contract.ts'
import { startFake } from '../../test/fake-server.ts'
import type { Impostor, KindHarness, RunningTarget } from '../../test/harness.ts'
import { type SelfSigned, selfSigned } from '../../test/self-signed.ts'
import { redis } from '../index.ts'
import { startRedis } from './start-redis.ts'

export const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })
const managerPassword = 'the-manager-for-this-test-only'

export const redisHarness = (keeps: 'aclfile' | 'config'): KindHarness => ({ kind: redis, start: () => start(keeps) })

async function start(keeps: 'aclfile' | 'config'): Promise<RunningTarget> {
  const server = await startRedis(keeps)
  const trustedToo = selfSigned('127.0.0.1')
  const user = (name: string, ...rules: string[]): void => {
    server.cli('ACL', 'SETUSER', name, ...rules)
    if (keeps === 'aclfile') server.cli('ACL', 'SAVE')
    else server.cli('CONFIG', 'REWRITE')
  }
  // who manages: all that the README asks for, and not more
  user('claviger', 'on', `>${managerPassword}`, '+acl', '+client|kill', '+config|get', '+config|rewrite', '+info')
  user('powerless', 'on', '>no-rights', '+ping')
  return {
    settings: { host: '127.0.0.1', port: server.port, ca: server.tls.certificate + trustedToo.certificate },
    identity: { certificate: server.tls.fingerprint },
    wrongIdentity: { certificate: trustedToo.fingerprint },
    manager: () => ({ account: 'claviger', credential: password(managerPassword) }),
    powerless: () => ({ account: 'powerless', credential: password('no-rights') }),
    addAccount: async (name, credential) =>
      user(name, 'on', await credential.secret.use('recognise', storedPassword), '~*', '+@all', '-debug'),
    removeAccount: async (name) => void server.cli('ACL', 'DELUSER', name),
    lock: async (name) => user(name, 'off'),
    unlock: async (name) => user(name, 'on'),
    disarm: async (name) => user(name, 'nocommands', '+ping'),
    fresh() {
      const text = `${randomBytes(15).toString('base64url')}~!%7`
      return () => password(text)
    },
    refused: async () => ({ next: password('') }), // it has no policy of its own; this is all that it cannot take
    impostors: impostors(trustedToo),
    openSession: (login) => openSession(server.port, server.tls, login),
    restart: server.restart,
    logs: server.logs,
    stop: server.stop,
  }
}

async function openSession(
  port: number,
  tls: SelfSigned,
  { account, credential }: Login<CredentialKind>,
): Promise<{ ended: Promise<void> }> {
  const socket = connect({ host: '127.0.0.1', port, ca: tls.certificate })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  await credential.secret.use('recognise', (bytes) => void socket.write(`AUTH ${account} ${Buffer.from(bytes)}\r\n`))
  const [reply] = await once(socket, 'data')
  if (!String(reply).startsWith('+OK')) throw new Error(String(reply))
  socket.resume()
  return { ended: new Promise((resolve) => void socket.once('close', () => resolve())) }
}

function impostors(trusted: SelfSigned): Impostor[] {
  const yes = [Buffer.from('+OK\r\n')]
  const withTls = (as: SelfSigned) => startFake({ answers: yes, tls: { as, behind: 0 } })
  return [
    { what: 'speaks no TLS and says yes to everything', start: () => startFake({ answers: yes }) },
    {
      what: 'asks for a login in clear text',
      start: () => startFake({ first: Buffer.from('-NOAUTH Authentication required.\r\n'), answers: yes }),
    },
    { what: 'has a certificate that nobody signed, and says yes to everything', start: () => withTls(selfSigned('127.0.0.1')) },
    { what: 'has a certificate of the right authority that is not the pinned one', start: () => withTls(trusted) },
  ]
}
