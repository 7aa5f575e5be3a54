import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { connectSsh } from '../../platform/ssh/index.ts'
import { dial, freshKey } from '../../platform/ssh/ssh-server.fixture.ts'
import {
  buildUserCertificate,
  ed25519Blob,
  ed25519CertificateType,
  formatPublicKeyLine,
  writeEd25519PrivateKey,
} from '../../protocols/ssh-keys/index.ts'
import { freshPair } from '../../protocols/ssh-keys/keys.fixture.ts'
import type { Dial, OpenTarget } from '../contract.ts'
import type { RunningTarget } from '../test/harness.ts'
import { linuxSsh } from './index.ts'
import { linuxSshHarness } from './test/harness.ts'

const [ca, other] = [freshPair(), freshPair()]
const lineOf = (pair: typeof ca) => formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(pair.publicKey) })
const id = 'tgt_aaaaaaaaaa'
const what = { lines: [lineOf(ca)], target: id }
const keys = '/etc/ssh/claviger_authority.pub'
const config = '/etc/ssh/sshd_config.d/00-claviger.conf'

let host: RunningTarget
let open: OpenTarget
beforeAll(async () => {
  host = await linuxSshHarness.start()
  const opened = linuxSsh.open(host.settings, dial as Dial)
  if (!opened.ok) throw new Error('no target')
  open = opened.value
})
afterAll(() => host?.stop())

/** Logs in with a certificate for `principal` as `account`. */
async function certified(principal: string, account = 'root', by = ca) {
  const pair = freshPair()
  const now = BigInt(Math.floor(Date.now() / 1000))
  const blob = await buildUserCertificate(
    {
      ...{ nonce: new Uint8Array(32).fill(1), publicKey: pair.publicKey, serial: 1n, keyId: 'a test', principals: [principal] },
      ...{ validAfter: now - 60n, validBefore: now + 60n, criticalOptions: [], extensions: [], authority: ed25519Blob(by.publicKey) },
    },
    by.sign,
  )
  const secret = new Secret(writeEd25519PrivateKey({ ...pair, check: 1 }))
  const certificate = formatPublicKeyLine({ type: ed25519CertificateType, blob })
  const done = await open.verify(host.identity, { account, credential: { kind: 'ssh-key', secret, certificate } })
  return done.ok ? 'in' : done.error.code
}
const trust = (as = host.manager(), lines = what.lines) => open.authority?.trust(host.identity, as, { ...what, lines })
/** Runs on the host as root. */
async function shell(command: string): Promise<string> {
  const login = host.manager()
  const hostKey = { algorithm: String(host.identity.algorithm), fingerprint: String(host.identity.fingerprint) }
  const to = { host: '127.0.0.1', port: Number(host.settings.port), hostKey }
  const connected = await login.credential.secret.use('recognise', (bytes) =>
    connectSsh(dial, to, { user: login.account, proof: { kind: login.credential.kind, bytes } }),
  )
  if (!connected.ok) throw new Error(connected.error.code)
  const ran = await connected.value.exec(command, { stdin: new Uint8Array() })
  await connected.value.close()
  if (!ran.ok) throw new Error(ran.error.code)
  return ran.value.stdout.toString()
}
const files = () => shell(`ls ${keys} ${config} 2>/dev/null; ls -d /etc/ssh/.claviger* 2>/dev/null`)

describe('a host that is to trust an authority', () => {
  test('lets nobody in by its certificates before', async () => {
    expect(await certified(`root@${id}`)).toBe('target.login_refused')
  })

  test('lets in afterwards, each account by a certificate for itself on this very host, and told twice is as good as once', async () => {
    expect(await trust()).toEqual({ ok: true, value: undefined })
    expect(await trust()).toEqual({ ok: true, value: undefined })
    expect(await certified(`root@${id}`)).toBe('in')
    expect(await certified(`powerless@${id}`, 'powerless')).toBe('in')
    for (const principal of ['root', 'root@tgt_bbbbbbbbbb', `powerless@${id}`, `@${id}`])
      expect(await certified(principal)).toBe('target.login_refused')
    expect(await certified(`root@${id}`, 'root', other)).toBe('target.login_refused')
    expect(await files()).toBe(`${keys}\n${config}\n`)
  })

  test('trusts a second one beside the first while it is replaced, without a reload in between', async () => {
    expect(await trust(host.manager(), [lineOf(ca), lineOf(other)])).toMatchObject({ ok: true })
    expect([await certified(`root@${id}`), await certified(`root@${id}`, 'root', other)]).toEqual(['in', 'in'])
    expect(await trust()).toMatchObject({ ok: true })
    expect(await certified(`root@${id}`, 'root', other)).toBe('target.login_refused')
  })

  test('trusts it no more when that is taken back, twice as well as once, and its keys still open it', async () => {
    for (let times = 0; times < 2; times++)
      expect(await open.authority?.distrust(host.identity, host.manager(), { target: id })).toMatchObject({ ok: true })
    expect(await certified(`root@${id}`)).toBe('target.login_refused')
    expect(await files()).toBe('')
  })
})

describe('a host is left as it was', () => {
  test('where the login may change nothing of sshd', async () => {
    expect(await trust(host.powerless())).toMatchObject({ error: { code: 'target.not_permitted' } })
  })

  test('where sshd trusts another authority already', async () => {
    await shell('mkdir -p /etc/ssh/sshd_config.d; echo "TrustedUserCAKeys /etc/ssh/theirs" > /etc/ssh/sshd_config.d/50-theirs.conf')
    expect(await trust()).toMatchObject({ error: { code: 'target.not_permitted', detail: expect.stringContaining('trustedusercakeys') } })
    expect(await files()).toBe('')
    await shell('rm /etc/ssh/sshd_config.d/50-theirs.conf')
  })

  test('where sshd reads no drop-ins, also one that was trusted before', async () => {
    await shell('sed -i "s/^Include/#Include/" /etc/ssh/sshd_config')
    expect(await trust()).toMatchObject({ error: { code: 'target.protocol', detail: expect.stringContaining('does not read') } })
    expect(await files()).toBe('')
    await shell('sed -i "s/^#Include/Include/" /etc/ssh/sshd_config')
  })

  test('where sshd cannot read its configuration', async () => {
    await shell('echo "Nonsense yes" > /etc/ssh/sshd_config.d/90-broken.conf')
    expect(await trust()).toMatchObject({ error: { code: 'target.protocol' } })
    expect(await files()).toBe('')
    await shell('rm /etc/ssh/sshd_config.d/90-broken.conf')
  })

  test('where what it would trust is another target of ours', async () => {
    expect(await trust()).toMatchObject({ ok: true })
    const twice = await open.authority?.trust(host.identity, host.manager(), { ...what, target: 'tgt_bbbbbbbbbb' })
    expect(twice).toMatchObject({ error: { code: 'target.not_permitted' } })
    expect(await open.authority?.distrust(host.identity, host.manager(), { target: 'tgt_bbbbbbbbbb' })).toMatchObject({ ok: true })
    expect(await certified(`root@${id}`)).toBe('in')
  })
})

test('an impostor is told nothing', async () => {
  const wrong = { ...host.identity, fingerprint: freshKey().pin.fingerprint }
  expect(await open.authority?.trust(wrong, host.manager(), what)).toMatchObject({ error: { code: 'target.impostor' } })
})
