import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startWeb01, type Web01 } from '../../../../../lab/web01/index.ts'
import { Secret } from '../../../kernel/secret.ts'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import { connectSsh, type SshConnection } from '../../../platform/ssh/index.ts'
import { dial, freshKey, startServer } from '../../../platform/ssh/ssh-server.fixture.ts'
import type { Credential, CredentialKind, Login } from '../../contract.ts'
import { startFake } from '../../test/fake-server.ts'
import type { Impostor, KindHarness, RunningTarget } from '../../test/harness.ts'
import { linuxSsh } from '../index.ts'

const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })

/** Its passwords. Keys are shown by the kind's own tests. */
export const linuxSshHarness: KindHarness = { kind: linuxSsh, start }

/** A host of its own, in namespaces. Only as root: without, there is one account, our own. */
async function start(): Promise<RunningTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'claviger-linux-'))
  const port = await freePort()
  const run = async (): Promise<Web01> => {
    const started = await startWeb01({ folder, port, log: () => {} })
    if (!started.ok) throw new Error(started.error.say)
    return started.value
  }
  let host = await run()
  const identity = { algorithm: 'ssh-ed25519', fingerprint: host.hostKeyFingerprint }
  const logIn = async ({ account, credential }: Login): Promise<SshConnection> => {
    const connected = await credential.secret.use('recognise', (bytes) =>
      connectSsh(
        dial,
        { host: '127.0.0.1', port, hostKey: { algorithm: 'ssh-ed25519', fingerprint: identity.fingerprint } },
        { user: account, proof: { kind: credential.kind, bytes } },
      ),
    )
    if (!connected.ok) throw new Error(JSON.stringify(connected.error))
    return connected.value
  }
  const root = (): Login<CredentialKind> => ({
    account: 'root',
    credential: { kind: 'ssh-key', secret: new Secret(Uint8Array.from(readFileSync(join(folder, 'keys/root')))) },
  })
  const shell = async (command: string, stdin: Uint8Array = Buffer.alloc(0)): Promise<void> => {
    const connection = await logIn(root())
    const done = await connection.exec(command, { stdin })
    await connection.close()
    if (!done.ok || done.value.status !== 0) throw new Error(`${command}: ${JSON.stringify(done)}`)
  }
  const add = (name: string, credential: Credential, options: string) =>
    credential.secret.use('recognise', (bytes) =>
      shell(`useradd -m -s /bin/bash ${options} ${name} && chpasswd`, Buffer.concat([Buffer.from(`${name}:`), bytes, Buffer.from('\n')])),
    )
  const addWithKey = (name: string, { publicKey = '' }: Credential) =>
    shell(
      `useradd -m -s /bin/bash -G sudo ${name} && mkdir -m 700 ~${name}/.ssh && cat > ~${name}/.ssh/authorized_keys && chown -R ${name}: ~${name}/.ssh`,
      Buffer.from(`${publicKey}\n`),
    )
  await add('powerless', password('no rights'), '')
  return {
    settings: { host: '127.0.0.1', port, ...(host.authorizedKeysFile && { authorizedKeysFile: host.authorizedKeysFile }) },
    identity,
    wrongIdentity: { algorithm: 'ssh-ed25519', fingerprint: freshKey().pin.fingerprint },
    manager: root,
    powerless: () => ({ account: 'powerless', credential: password('no rights') }),
    addAccount: (name, credential) => (credential.kind === 'password' ? add(name, credential, '-G sudo') : addWithKey(name, credential)),
    removeAccount: (name) => shell(`userdel -r -f ${name} 2>/dev/null; ! id ${name} 2>/dev/null`),
    lock: (name) => shell(`usermod -L -e 1 ${name}`),
    unlock: (name) => shell(`usermod -U -e '' ${name}`),
    fresh() {
      const text = `${randomBytes(15).toString('base64url')}~!%7`
      return () => password(text)
    },
    refused: async () => ({ next: password('two\nlines') }), // chpasswd asks no policy
    impostors: impostors(),
    async openSession(login) {
      const connection = await logIn(login)
      return { ended: connection.exec('exec sleep 600', { stdin: Buffer.alloc(0), timeoutMs: 120_000 }).then(() => undefined) }
    },
    async restart() {
      await host.stop()
      host = await run()
    },
    async down() {
      await host.stop()
      return async () => {
        host = await run()
      }
    },
    async stop() {
      await host.stop()
      rmSync(folder, { recursive: true, force: true })
    },
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
      what: 'asks for the password in clear text',
      start: () => startFake({ first: Buffer.from('web01 login: '), answers: [Buffer.from('Password: ')] }),
    },
    {
      what: 'hangs up behind its greeting',
      start: () => startFake({ first: Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), answers: [Buffer.alloc(64, 0xff)] }),
    },
  ]
}
