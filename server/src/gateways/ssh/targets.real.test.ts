import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { startTrustingSshd } from '../../platform/ssh/trusting-sshd.fixture.ts'
import {
  buildUserCertificate,
  ed25519Blob,
  ed25519CertificateType,
  formatPublicKeyLine,
  writeEd25519PrivateKey,
} from '../../protocols/ssh-keys/index.ts'
import { freshPair } from '../../protocols/ssh-keys/keys.fixture.ts'
import type { Recorder } from '../contract.ts'
import { generateKey } from './test/folder.ts'
import { memoryRecorder } from './test/memory-host.ts'
import { type Door, openDoor } from './test/open-door.ts'
import { passwordTarget } from './test/password-target.ts'
import { until } from './test/until.ts'

const run = (door: Door, line: string, account = door.sshd.user, target = 'web01') =>
  door.ssh.run([...door.ssh.args(`alice@${account}@${target}`, door.alice), line], [door.host.code()])

const wiped = async (secret: Secret | undefined) =>
  await expect(secret?.lend('log-in-to-target', () => {})).rejects.toThrow('this secret was wiped already')

test('a target that presents another host key gets no sign of who we are, and the session ends as met by an impostor', async () => {
  await using door = await openDoor()
  const tried: string[] = []
  const impostor = new ssh2.Server({ hostKeys: [generateKey(join(door.folder, 'impostor')).pem] }, (client) => {
    client.on('error', () => {})
    client.on('authentication', (ctx) => {
      tried.push(`${ctx.method} ${ctx.username}`)
      ctx.accept()
    })
  })
  await once(impostor.listen(0, '127.0.0.1'), 'listening')
  door.host.targets.set('web01', { ...door.sshd.target, port: (impostor.address() as AddressInfo).port })
  const ran = await run(door, 'echo in')
  expect(ran).toMatchObject({ status: 255, stdout: '' })
  expect(ran.stderr).toContain('The target presented another host key than the one that is pinned. Nothing was sent to it.')
  expect(tried).toEqual([])
  expect(door.host.sessions).toMatchObject([{ outcomes: [{ reason: 'target_impostor' }] }])
  await wiped(door.host.sessions[0]?.credential)
  impostor.close()
})

test('a target without a pinned host key is not even dialled', async () => {
  await using door = await openDoor()
  door.host.targets.set('web01', { ...door.sshd.target, identity: {} })
  const ran = await run(door, 'echo in')
  expect(ran.stderr).toContain('No host key is pinned for this target.')
  await wiped(door.host.sessions[0]?.credential)
})

test('a target that lets in by certificate is shown that of the session; one that does not trust its authority is no fault of the vault', async () => {
  await using door = await openDoor()
  const host = await startTrustingSshd()
  try {
    const [ca, pair] = [freshPair(), freshPair()]
    const now = BigInt(Math.floor(Date.now() / 1000))
    const blob = await buildUserCertificate(
      {
        ...{ nonce: new Uint8Array(32).fill(1), publicKey: pair.publicKey, serial: 1n, keyId: 'a session', principals: ['alice-may'] },
        ...{ validAfter: now - 60n, validBefore: now + 600n, criticalOptions: [], extensions: [{ name: 'permit-pty' }] },
        authority: ed25519Blob(ca.publicKey),
      },
      ca.sign,
    )
    const certificate = formatPublicKeyLine({ type: ed25519CertificateType, blob })
    const secret = () => new Secret(writeEd25519PrivateKey({ ...pair, check: 1 }))
    const login = () => ({ account: host.user, credential: { kind: 'ssh-key' as const, secret: secret(), certificate } })
    door.host.targets.set('web01', { host: '127.0.0.1', port: host.port, identity: { ...host.hostKey }, login })
    host.knowAs('alice-may')
    expect((await run(door, 'echo in')).stderr).toContain('Does it trust our SSH authority')
    host.trust(formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(ca.publicKey) }))
    expect(await run(door, 'echo in')).toMatchObject({ status: 0, stdout: 'in\n' })
    await wiped(door.host.sessions.at(-1)?.credential)
  } finally {
    await host.stop()
  }
})

test('a password is injected, wiped after the login, and masked where the target echoes it', async () => {
  await using door = await openDoor()
  const password = 'pW-9f2kQ7z-abcdef'
  let stillThere: Secret | undefined
  const target = await passwordTarget(door, password, (stream) => {
    stillThere = door.host.sessions[0]?.credential
    stream.write(`so: ${password} and pieces: ${password.slice(0, 7)}`)
    setImmediate(() => {
      stream.write(`${password.slice(7)}.\n`)
      stream.stderr.write(`log: ${password}\n`)
      stream.exit(0)
      stream.end()
    })
  })
  const ran = await run(door, 'whoami', 'deploy', 'old1')
  const mask = '*'.repeat(password.length)
  expect(ran).toMatchObject({ status: 0, stdout: `so: ${mask} and pieces: ${mask}.\n` })
  expect(ran.stderr).toContain(`log: ${mask}\n`)
  const recorded = Buffer.concat(door.host.sessions[0]?.output ?? []).toString()
  expect(recorded).not.toContain(password)
  expect(recorded).toContain(mask)
  expect(target.attempts).toEqual(['none', 'password'])
  await wiped(stillThere)
  target.close()
})

test('a credential that the target refuses is wiped as well, and the person is told', async () => {
  await using door = await openDoor()
  const target = await passwordTarget(door, 'right', (stream) => stream.end())
  const known = door.host.targets.get('old1')
  if (known) door.host.targets.set('old1', { ...known, login: wrong })
  const ran = await run(door, 'whoami', 'deploy', 'old1')
  expect(ran.stderr).toContain('[claviger] The target refused the credential from the vault.')
  expect(door.host.sessions).toMatchObject([{ outcomes: [{ reason: 'target_failed' }] }])
  await wiped(door.host.sessions[0]?.credential)
  target.close()
})

test('a credential that was rotated between its release and the login is followed by the newer one, once', async () => {
  await using door = await openDoor()
  const target = await passwordTarget(door, 'the-newer-one', (stream) => {
    stream.write('I have the-newer-one here\n')
    stream.exit(0)
    stream.end()
  })
  const known = door.host.targets.get('old1')
  const older = Secret.fromText('the-older')
  const login = () => ({ account: 'deploy', credential: { kind: 'password' as const, secret: older } })
  if (known) door.host.targets.set('old1', { ...known, login, scrub: 'the-older', renewed: { login: known.login, scrub: 'the-newer-one' } })
  const ran = await run(door, 'whoami', 'deploy', 'old1')
  expect(ran).toMatchObject({ status: 0, stdout: `I have ${'*'.repeat(13)} here\n` })
  expect(target.attempts).toEqual(['none', 'password', 'none', 'password'])
  await wiped(older)
  await wiped(door.host.sessions[0]?.credential)

  // and no third time, whatever the host says
  if (known) door.host.targets.set('old1', { ...known, login: wrong, renewed: { login: wrong } })
  const refused = await run(door, 'whoami', 'deploy', 'old1')
  expect(refused.stderr).toContain('[claviger] The target refused the credential from the vault.')
  expect(target.attempts).toHaveLength(8)
  target.close()
})

const wrong = () => ({ account: 'deploy', credential: { kind: 'password' as const, secret: Secret.fromText('wrong') } })

test('a target that is down is said to be', async () => {
  await using door = await openDoor()
  await door.sshd.stop()
  const ran = await run(door, 'echo in')
  expect(ran).toMatchObject({ status: 255 })
  expect(ran.stderr).toContain('[claviger] The target at 127.0.0.1 cannot be reached.')
  expect(door.host.sessions[0]?.outcomes).toMatchObject([{ reason: 'target_failed' }])
})

test('a target that does not answer is given up after its time', async () => {
  await using door = await openDoor({ limits: { targetMs: 300 } })
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  door.host.targets.set('web01', { ...door.sshd.target, port: (silent.address() as AddressInfo).port })
  const ran = await run(door, 'echo in')
  expect(ran.stderr).toContain('[claviger] The target at 127.0.0.1 did not answer in time.')
  silent.close()
})

test('a target that goes away in mid-session ends it as failed', async () => {
  await using door = await openDoor()
  let drop: () => void = () => {}
  const target = await passwordTarget(door, 'pw-12345', (stream) => {
    stream.write('up\n')
    drop = () => (stream as unknown as { _client: { _sock: { destroy(): void } } })._client._sock.destroy()
  })
  const child = door.ssh.start([...door.ssh.args('alice@deploy@old1', door.alice), 'work'], [door.host.code()])
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  drop()
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(255)
  await until(() => door.host.sessions[0]?.outcomes.length === 1)
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'target_failed', detail: 'no exit status' }])
  target.close()
})

test.each([
  [
    'throws',
    (recorder: Recorder): Recorder => ({
      ...recorder,
      output: () => {
        throw new Error('disk full')
      },
    }),
  ],
  ['cannot catch up', (recorder: Recorder): Recorder => ({ ...recorder, pressure: () => Promise.reject(new Error('disk full')) })],
])('when the recorder %s, the session ends, and what was not recorded is not seen', async (how, broken) => {
  await using door = await openDoor()
  door.host.newRecorder = (recorded) => broken(memoryRecorder(recorded))
  const ran = await run(door, 'echo first; sleep 60; echo second')
  expect(ran.status).toBe(255)
  if (how === 'throws') expect(ran.stdout).toBe('')
  expect(ran.stderr).toContain('[claviger] The session ended because it could not be recorded.')
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'recording_failed' }])
})

test('a recorder that is behind holds both sides back, and nothing is lost', async () => {
  await using door = await openDoor()
  let most = 0
  door.host.newRecorder = (recorded) => {
    let pending = 0
    const inner = memoryRecorder(recorded)
    return {
      ...inner,
      output(bytes) {
        inner.output(bytes)
        pending += bytes.length
        most = Math.max(most, pending)
      },
      pressure() {
        if (pending < 65_536) return undefined
        return new Promise((resolve) =>
          setTimeout(() => {
            pending = 0
            resolve()
          }, 5),
        )
      },
    }
  }
  const ran = await run(door, 'head -c 8000000 /dev/zero | tr "\\0" x')
  expect(ran.stdout.length).toBe(8_000_000)
  // a chunk may be on its way when the brake is pulled, a window's worth may not
  expect(most).toBeLessThan(512 * 1024)
})
