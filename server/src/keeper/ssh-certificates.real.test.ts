import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '../domains/identity/test/house.ts'
import { connectSsh } from '../platform/ssh/index.ts'
import { dial } from '../platform/ssh/ssh-server.fixture.ts'
import { startTrustingSshd, type TrustingSshd } from '../platform/ssh/trusting-sshd.fixture.ts'
import { parsePublicKeyLine, parseUserCertificate } from '../protocols/ssh-keys/index.ts'
import { granted, session } from './test/access.ts'
import { openWorld, type Row, type World } from './test/world.ts'
import { sshAuthority } from './vault/ssh-authority.ts'

let world: World
let sshd: TrustingSshd
let elsewhere: TrustingSshd
let account: Row & { id: string; name: string; target_id: string }
let target: Row
beforeAll(async () => {
  ;[sshd, elsewhere] = await Promise.all([startTrustingSshd(), startTrustingSshd()])
  world = await openWorld()
  const { line } = must(await sshAuthority(world.inside.context))
  const on = world.target('web09', { settings: { host: '127.0.0.1', port: sshd.port }, identity: { ...sshd.hostKey } })
  target = on
  const [found] = (await world.added(on, sshd.user)) as Row[]
  account = { ...(found as typeof account), login: 'certificate' }
  must(await world.write([{ kind: 'account', revision: 3, row: account }], world.stepUp(world.carol)))
  for (const each of [sshd, elsewhere]) each.trust(line)
  sshd.knowAs(`${account.name}@${account.target_id}`)
  elsewhere.knowAs(`${account.name}@tgt_aaaaaaaaaa`, account.name)
})
afterAll(async () => {
  await world?.close()
  await Promise.all([sshd?.stop(), elsewhere?.stop()])
})

async function ready(on: Row = account, where: Row = target) {
  const { grant } = await granted(world, world.alice, on, world.bob, where)
  const { presence } = await world.present(world.alice)
  const opened = session(world, grant)
  must(await world.write([{ kind: 'session', revision: 1, row: opened }], { by: 'presence', presence }, world.gateway))
  return { grant, session: opened, presence }
}
type Ready = Awaited<ReturnType<typeof ready>>
const ask = (r: Ready) => world.gateway.ask('release', { grant: r.grant.id, session: r.session.id, presence: r.presence })

/** What the gateway gets, as it uses it; `ms` from now by the clock of sshd. Codes put ours ahead of that, and are good once. */
async function released(r: Ready, ms = 0) {
  const ahead = world.clock.now().getTime() - Date.now() - ms
  world.later(-ahead)
  const answer = must(await ask(r))
  world.later(ahead)
  const bytes = await answer.payload?.use('log-in-to-target', (b) => Uint8Array.from(b))
  if (!bytes || !answer.public) throw new Error('no certificate')
  return { ...answer, bytes, line: answer.public, says: certificateOf(answer.public) }
}
type Released = Awaited<ReturnType<typeof released>>
function certificateOf(line: string) {
  const key = parsePublicKeyLine(line)
  const parsed = key.ok ? parseUserCertificate(key.value.blob) : key
  if (!parsed.ok) throw new Error('no certificate')
  return parsed.value
}
const logIn = async (host: TrustingSshd, { bytes, line }: Pick<Released, 'bytes' | 'line'>, user = host.user) => {
  const to = { host: '127.0.0.1', port: host.port, hostKey: host.hostKey }
  const connected = await connectSsh(dial, to, { user, proof: { kind: 'ssh-key', bytes, certificate: line } })
  if (!connected.ok) return connected.error.code
  const ran = await connected.value.exec('echo in', { stdin: new Uint8Array() })
  await connected.value.close()
  return ran.ok ? ran.value.stdout.toString() : ran.error.code
}

describe('a session with an account that is reached by certificate', () => {
  test('gets a fresh key and its certificate, for this account on this target, some minutes, and a terminal', async () => {
    const began = Math.floor(Date.now() / 1000)
    const r = await ready()
    const [one, two] = [await released(r), await released(r)]
    expect(one).toMatchObject({ credential: 'ssh-certificate', version: 1, account: account.name, endsAt: r.grant.ends_at.toISOString() })
    const { says } = one
    expect(says).toMatchObject({
      ...{ principals: [`${account.name}@${account.target_id}`], keyId: `claviger ${r.session.id} ${r.grant.id}` },
      ...{ criticalOptions: [], extensions: [{ name: 'permit-pty' }] },
    })
    const now = Math.floor(Date.now() / 1000)
    expect(Number(says.validAfter)).toBeGreaterThanOrEqual(began - 70)
    expect(Number(says.validBefore)).toBeLessThanOrEqual(now + 180)
    expect(two.says.publicKey).not.toEqual(says.publicKey)
    expect(two.says.serial).not.toBe(says.serial)
  })

  test('logs in with it on a real sshd that trusts the authority, which writes down the session', async () => {
    const r = await ready()
    expect(await logIn(sshd, await released(r))).toBe('in\n')
    expect(sshd.log()).toContain(`ID claviger ${r.session.id} ${r.grant.id} (serial `)
  })

  test('is in the ledger with serial, name, key and validity before the certificate leaves', async () => {
    const r = await ready()
    const { says } = await released(r)
    const entry = (await world.entries()).find((e) => e.act === 'ssh.certificate_issued' && e.fields.serial === String(says.serial))
    expect(entry?.fields).toMatchObject({
      ...{ session: r.session.id, grant: r.grant.id, account: account.id, authority: 1, sources: [] },
      ...{ principal: `${account.name}@${account.target_id}`, key: expect.stringMatching(/^SHA256:/) },
      validUntil: new Date(Number(says.validBefore) * 1000).toISOString(),
    })
  })

  test('never gets one that outlives its grant', async () => {
    const r = await ready()
    const { says } = await released(r, r.grant.ends_at.getTime() - 20_000 - Date.now())
    expect(Number(says.validBefore)).toBe(Math.floor(r.grant.ends_at.getTime() / 1000))
  })
})

describe('a certificate that was stolen', () => {
  test('is refused by sshd once its minutes are over', async () => {
    const r = await ready()
    const early = await released(r, -200_000)
    expect(await logIn(sshd, early)).toBe('ssh.login_refused')
    expect(sshd.log()).toContain('expired')
  })

  test('opens no other host that trusts the same authority, and no other account', async () => {
    const r = await ready()
    const stolen = await released(r)
    expect(await logIn(elsewhere, stolen)).toBe('ssh.login_refused')
    expect(await logIn(sshd, stolen, 'nobody')).toBe('ssh.login_refused')
    expect(await logIn(sshd, stolen)).toBe('in\n')
  })

  test('is nothing without its key', async () => {
    const [r, other] = [await ready(), await ready()]
    const [one, two] = [await released(r), await released(other)]
    expect(await logIn(sshd, { bytes: two.bytes, line: one.line })).toBe('ssh.login_refused')
  })
})

describe('no certificate is given', () => {
  test('to a process that is no gateway', async () => {
    const r = await ready()
    for (const role of ['api', 'supervisor'] as const)
      expect(await (await world.as(role)).ask('release', { grant: r.grant.id, session: r.session.id, presence: r.presence })).toMatchObject(
        {
          error: { code: 'keeper.not_allowed' },
        },
      )
  })

  test('for what a gateway would like to have in it: another name, key or time', async () => {
    const r = await ready()
    const asked = { grant: r.grant.id, session: r.session.id, presence: r.presence }
    for (const more of [{ principal: 'root' }, { account: 'acc_aaaaaaaaaa' }, { publicKey: 'AAAA' }, { seconds: 86_400 }])
      expect(await world.gateway.ask('release', { ...asked, ...more } as never)).toMatchObject({ ok: false })
  })

  test('after the grant ended', async () => {
    const r = await ready()
    const row = await world.vouched('access_grant', r.grant.id)
    must(await world.write([{ kind: 'access_grant', revision: 2, row: { ...row, state: 'ended' } }], { by: 'system' }))
    expect(await ask(r)).toMatchObject({ error: { code: 'access.grant_over' } })
  })

  test('where the database alone says that the account is reached by certificate, and that raises an alarm', async () => {
    const r = await ready(world.deploy, world.web01)
    await world.sql("update account set login = 'certificate' where id = $1", [world.deploy.id])
    expect(await ask(r)).toMatchObject({ error: { code: 'keeper.forged_row' } })
    await world.sql('update account set login = null where id = $1', [world.deploy.id])
  })

  test('for an account that the server, without an administrator, would like to reach so', async () => {
    const row = { ...(await world.vouched('account', world.root.id)), login: 'certificate' }
    expect(await world.write([{ kind: 'account', revision: 3, row }], { by: 'system' })).toMatchObject({
      error: { code: 'keeper.not_authorised' },
    })
  })
})

test('addresses that the operator names stand in each certificate, and sshd lets in from there alone', async () => {
  const { context } = world.inside
  const r = await ready()
  try {
    context.sshSources = ['192.0.2.0/24']
    const away = await released(r)
    expect(away.says.criticalOptions).toEqual([{ name: 'source-address', value: '192.0.2.0/24' }])
    expect(await logIn(sshd, away)).toBe('ssh.login_refused')
    context.sshSources = ['192.0.2.0/24', '127.0.0.1']
    expect(await logIn(sshd, await released(r))).toBe('in\n')
  } finally {
    context.sshSources = []
  }
})
