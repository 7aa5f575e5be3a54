import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '../domains/identity/test/house.ts'
import { Secret } from '../kernel/secret.ts'
import { newSeed, signingKey } from '../platform/crypto/ed25519.ts'
import { ed25519Blob, ed25519CertificateType, writeSignedLogin } from '../protocols/ssh-keys/index.ts'
import { filed, grant, granted, session, vote } from './test/access.ts'
import { openWorld, type Row, type World } from './test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  for (const account of [world.deploy, world.root]) await vaulted(account)
})
afterAll(() => world?.close())

const password = 'the vaulted password'
const vaulted = async (account: { id: string }) =>
  must(await world.keeper.ask('storeCredential', { account: account.id, credential: 'password', public: null }, Secret.fromText(password)))

/** Everything as it must be: a grant of alice's that runs, her session under it, and she is there. */
async function ready(on: Row = world.deploy, approver = world.bob) {
  const { request, grant: g } = await granted(world, world.alice, on, approver)
  const { presence } = await world.present(world.alice)
  const opened = session(world, g)
  must(await world.write([{ kind: 'session', revision: 1, row: opened }], { by: 'presence', presence }, world.gateway))
  return { request, grant: g, session: opened, presence }
}
type Ready = Awaited<ReturnType<typeof ready>>
const ask = async (r: Ready, over: Partial<Record<'grant' | 'session' | 'presence', string>> = {}) =>
  await world.gateway.ask('release', { grant: r.grant.id, session: r.session.id, presence: r.presence, ...over })
const again = async (kind: 'person' | 'access_grant' | 'account' | 'target', id: string, over: Row) => ({
  kind,
  row: { ...(await world.vouched(kind, id)), ...over },
  revision: (world.inside.context.notary.head(kind, id)?.revision ?? 0) + 1,
})

describe('the keeper releases a credential', () => {
  test('to a gateway, for a person who is there, under their approved grant, with where the target is and who it must prove to be', async () => {
    const r = await ready()
    const released = must(await ask(r))
    expect(released).toMatchObject({
      ...{ credential: 'password', account: 'deploy', endsAt: r.grant.ends_at.toISOString() },
      target: { name: 'web01', settings: { host: '192.0.2.7', port: 22 }, identity: { hostKey: 'SHA256:pinned' } },
    })
    expect(await released.payload?.use('log-in-to-target', (b) => Buffer.from(b).toString())).toBe(password)
  })

  test('to no other process of ours, and the try raises an alarm', async () => {
    const r = await ready()
    const asked = { grant: r.grant.id, session: r.session.id, presence: r.presence }
    for (const role of ['api', 'supervisor'] as const)
      expect(await (await world.as(role)).ask('release', asked)).toMatchObject({ ok: false, error: { code: 'keeper.not_allowed' } })
    expect((await world.entries()).filter((e) => e.act === 'alarm.keeper' && e.fields.subject === 'release')).not.toEqual([])
  })

  type Refusal = [string, string, (r: Ready) => Promise<Partial<Record<'grant' | 'session' | 'presence', string>> | undefined>]
  test.each<Refusal>([
    ['with no presence', 'presence.invalid', async () => ({ presence: 'made up' })],
    ['with another person’s presence', 'release.not_yours', async () => ({ presence: (await world.present(world.bob)).presence })],
    ['for the session of another grant', 'release.not_yours', async () => ({ session: (await ready(world.root)).session.id })],
    ['for another grant than the session’s', 'release.not_yours', async () => ({ grant: (await ready(world.root)).grant.id })],
    ['for a session that nobody opened', 'keeper.unknown_row', async () => ({ session: 'ses_aaaaaaaaaa' })],
    ['for a grant that nobody gave', 'keeper.unknown_row', async () => ({ grant: 'grt_aaaaaaaaaa' })],
    [
      'once the grant was ended',
      'access.grant_over',
      async (r) => {
        must(await world.write([await again('access_grant', r.grant.id, { state: 'ended' })], { by: 'system' }))
        return undefined
      },
    ],
    ['once its time is over', 'access.grant_over', async () => void world.later(3600_000)],
    [
      'once the request was voided',
      'release.not_approved',
      async (r) => {
        must(await world.write([{ kind: 'access_request', revision: 3, row: { ...r.request, state: 'void' } }], { by: 'system' }))
        return undefined
      },
    ],
    [
      'once the account is held',
      'release.held',
      async () => {
        must(await world.write([await again('account', world.deploy.id, { state: 'held' })], { by: 'system' }))
        return undefined
      },
    ],
    [
      'once an approval was taken away from the database',
      'policy.forbidden',
      async (r) => {
        await world.sql('delete from approval where request_id = $1', [r.request.id])
        return undefined
      },
    ],
    [
      'once the approver was disabled',
      'policy.forbidden',
      async () => {
        must(await world.write([await again('person', world.bob.id, { state: 'disabled' })], world.stepUp(world.carol)))
        return undefined
      },
    ],
    [
      'once the person was disabled',
      'factor.person_not_active',
      async () => {
        must(await world.write([await again('person', world.alice.id, { state: 'disabled' })], world.stepUp(world.carol)))
        return undefined
      },
    ],
    [
      'once the target is somewhere else',
      'access.changed',
      async () => {
        must(
          await world.write(
            [await again('target', world.web01.id, { settings: { host: '198.51.100.1', port: 22 } })],
            world.stepUp(world.carol),
          ),
        )
        return undefined
      },
    ],
    [
      'once the target must prove to be another',
      'access.changed',
      async () => {
        must(
          await world.write([await again('target', world.web01.id, { identity: { hostKey: 'SHA256:other' } })], world.stepUp(world.carol)),
        )
        return undefined
      },
    ],
    [
      'once the account is more critical than what was approved',
      'access.changed',
      async () => {
        must(await world.write([await again('account', world.deploy.id, { tier: 0 })], { by: 'system' }))
        return undefined
      },
    ],
  ])('never %s', async (_what, code, change) => {
    const before = {
      ...{ alice: await world.vouched('person', world.alice.id), bob: await world.vouched('person', world.bob.id) },
      ...{ deploy: await world.vouched('account', world.deploy.id), web01: await world.vouched('target', world.web01.id) },
    }
    const r = await ready()
    try {
      const over = await change(r)
      expect(await ask(r, over ?? {})).toMatchObject({ ok: false, error: { code } })
    } finally {
      // as it was, for the next one
      const back = [
        await again('person', world.alice.id, before.alice),
        await again('person', world.bob.id, before.bob),
        await again('account', world.deploy.id, before.deploy),
        await again('target', world.web01.id, before.web01),
      ]
      must(await world.write(back, world.stepUp(world.carol)))
    }
  })

  test('of tier 0 only when the code was given in the last 15 minutes: a certificate from before is none', async () => {
    const on = world.target('dc01', { tier: 0 })
    const [admin] = (await world.added(on, 'administrator')) as Row[] as [Row & { id: string }]
    await vaulted(admin)
    const request = await filed(world, world.alice, admin, on, { itsm_ticket: 'CHG-1' })
    must(await world.write([{ kind: 'approval', revision: 1, row: vote(world, request, world.bob) }], world.stepUp(world.bob)))
    const carol = world.stepUp(world.carol)
    const g = grant(world, request)
    must(
      await world.write(
        [
          { kind: 'approval', revision: 1, row: vote(world, request, world.carol) },
          { kind: 'access_request', revision: 2, row: { ...request, state: 'approved' } },
          { kind: 'access_grant', revision: 1, row: g },
        ],
        carol,
      ),
    )
    const key = signingKey(newSeed())
    const { presence } = await world.present(world.alice)
    const publicKey = Buffer.from(ed25519Blob(key.publicKey)).toString('base64')
    const { certificate } = must(await world.keeper.ask('issueCertificate', { presence, publicKey }))
    const blob = Buffer.from(certificate.split(' ')[1] ?? '', 'base64')
    const opened = session(world, g)
    must(await world.write([{ kind: 'session', revision: 1, row: opened }], { by: 'presence', presence }, world.gateway))
    const r = { request, grant: g, session: opened, presence }
    must(await ask(r))
    world.later(16 * 60_000)
    expect(await ask(r)).toMatchObject({ ok: false, error: { code: 'policy.forbidden' } })
    const [{ serial }] = (await world.sql('select serial from vault.certificate')) as [{ serial: number }]
    const user = `${world.alice.name}@deploy@web01`
    const signed = Buffer.from(writeSignedLogin({ sessionId: Buffer.alloc(32), user, algorithm: ed25519CertificateType, key: blob }))
    const byCertificate = must(
      await world.gateway.ask('presenceByCertificate', {
        ...{ serial: Number(serial), signed: signed.toString('base64'), signature: key.sign(signed).toString('base64') },
      }),
    )
    expect(await ask(r, { presence: byCertificate.presence })).toMatchObject({ ok: false, error: { code: 'policy.forbidden' } })
    must(await ask(r, { presence: (await world.present(world.alice)).presence }))
  })

  test('never once the approver is no approver any more', async () => {
    const r = await ready(world.deploy, world.erin)
    // nobody gains a group again, so this is hers alone
    must(await world.write([await again('person', world.erin.id, { groups: ['engineers'] })], world.stepUp(world.carol)))
    expect(await ask(r)).toMatchObject({ ok: false, error: { code: 'policy.forbidden' } })
  })

  test('of an earlier epoch never, though the person signs in again', async () => {
    const r = await ready()
    world.beginEpoch()
    expect(await ask(r)).toMatchObject({ ok: false, error: { code: 'presence.expired' } })
    const { presence } = await world.present(world.alice)
    expect(await ask(r, { presence })).toMatchObject({ ok: false, error: { code: 'access.grant_over' } })
  })
})

describe('the keeper judges an act in a session', () => {
  const forward = { action: 'forward', direction: 'local', host: '127.0.0.1', port: 5432 } as const
  const run = { action: 'run', command: 'ls /', program: 'ls', plain: true } as const

  test('by the policies there are: what a grant brings with it passes, forwarding in production does not', async () => {
    const { session: opened } = await ready()
    expect(must(await world.gateway.ask('judge', { session: opened.id, act: run }))).toEqual({
      ...{ consequence: 'allow', say: null, because: [], rests: false, until: null, ask: null },
    })
    expect(must(await world.gateway.ask('judge', { session: opened.id, act: forward }))).toMatchObject({
      ...{ consequence: 'refuse', say: expect.stringContaining('127.0.0.1:5432') },
    })
  })

  test('by checked rows: a target that the database calls a lab opens no way', async () => {
    const { session: opened } = await ready()
    await world.sql("update target set environment = 'lab', tier = 3 where id = $1", [world.web01.id])
    const answer = await world.gateway.ask('judge', { session: opened.id, act: forward })
    await world.sql("update target set environment = 'production', tier = 1 where id = $1", [world.web01.id])
    expect(answer).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
  })

  test('for gateways alone', async () => {
    const { session: opened } = await ready()
    expect(await world.keeper.ask('judge', { session: opened.id, act: run })).toMatchObject({ error: { code: 'keeper.not_allowed' } })
  })
})
