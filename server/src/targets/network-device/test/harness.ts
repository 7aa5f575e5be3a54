import { randomBytes } from 'node:crypto'
import { Secret } from '../../../kernel/secret.ts'
import { freshKey, startServer } from '../../../platform/ssh/ssh-server.fixture.ts'
import type { Credential } from '../../contract.ts'
import { startFake } from '../../test/fake-server.ts'
import type { Impostor, KindHarness, RunningTarget } from '../../test/harness.ts'
import { networkDevice } from '../index.ts'
import { startIos } from './ios.ts'

export const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })
const textOf = (credential: Credential): Promise<string> => credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())

/** No maker's device runs here: one that is scripted to behave like IOS. */
export const networkDeviceHarness: KindHarness = { kind: networkDevice, start }

async function start(): Promise<RunningTarget> {
  const device = await startIos()
  device.ways.pagesAfter = 5
  return {
    settings: { host: '127.0.0.1', port: device.port, vendor: 'cisco-ios' },
    identity: { algorithm: 'ssh-ed25519', fingerprint: device.fingerprint },
    wrongIdentity: { algorithm: 'ssh-ed25519', fingerprint: freshKey().pin.fingerprint },
    manager: () => ({ account: 'claviger', credential: password('the-manager') }),
    powerless: () => ({ account: 'powerless', credential: password('no-rights') }),
    async addAccount(name, credential) {
      const user = { privilege: 15, password: await textOf(credential) }
      device.users.set(name, user)
      device.saved.set(name, user)
    },
    async removeAccount(name) {
      for (const table of [device.users, device.saved]) table.delete(name)
    },
    fresh() {
      const text = randomBytes(15).toString('base64url')
      return () => password(text)
    },
    async refused() {
      device.ways.strict = true
      const end = async () => {
        device.ways.strict = false
      }
      return { next: password('tooweak'), end }
    },
    impostors: impostors(),
    restart: device.restart,
    logs: () => device.logged.join('\n'),
    stop: device.stop,
  }
}

function impostors(): Impostor[] {
  return [
    {
      what: 'has another host key and believes everything',
      async start() {
        const server = await startServer({ hostKeys: [freshKey().pem] })
        return { port: server.port, heard: () => Buffer.from(server.attempts.join('\n')), stop: server.stop }
      },
    },
    {
      what: 'asks for the password by telnet',
      start: () => startFake({ first: Buffer.from('Username: '), answers: [Buffer.from('Password: ')] }),
    },
  ]
}
