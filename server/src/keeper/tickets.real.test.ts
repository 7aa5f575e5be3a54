import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '../domains/identity/test/house.ts'
import { Secret } from '../kernel/secret.ts'
import { sha256 } from '../platform/crypto/hash.ts'
import { granted } from './test/access.ts'
import { openWorld, type World } from './test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const home = '192.0.2.10'
const text = async (secret: Secret | undefined) => (await secret?.use('show-once-to-owner', (b) => Buffer.from(b).toString())) ?? ''
/** A ticket of alice's, for a grant of hers that runs. */
async function given(from = home) {
  const { grant } = await granted(world, world.alice, world.deploy, world.bob)
  const { presence } = await world.present(world.alice)
  const issued = must(await world.keeper.ask('issueTicket', { presence, grant: grant.id, from }))
  return { grant, presence, ticket: await text(issued.payload), expiresAt: issued.expiresAt }
}
const show = async (ticket: string, from = home) => await world.gateway.ask('presenceByTicket', { from }, Secret.fromText(ticket))
const refusal = (code: string) => ({ ok: false, error: { code } })

describe('a connection ticket', () => {
  test('opens its grant for its person from its address, any number of times within five minutes', async () => {
    const { ticket, grant, expiresAt } = await given()
    expect(ticket).toMatch(/^clvt_[A-Za-z0-9_-]{22}$/)
    expect(Math.ceil((Date.parse(expiresAt) - world.clock.now().getTime()) / 60_000)).toBe(5)
    for (let i = 0; i < 3; i++)
      expect(must(await show(ticket))).toMatchObject({ person: world.alice.id, name: 'alice', grant: grant.id, account: world.deploy.id })
  })

  test('brings a presence that opens sessions now, and is not good for later', async () => {
    const { ticket } = await given()
    const { presence, expiresAt } = must(await show(ticket))
    expect(must(world.inside.context.presences.check(presence)).person).toBe(world.alice.id)
    expect(Math.ceil((Date.parse(expiresAt) - world.clock.now().getTime()) / 60_000)).toBe(1)
  })

  test.each([
    ['from another address', 'ticket.elsewhere', async () => await show((await given()).ticket, '192.0.2.11')],
    ['that was guessed', 'ticket.unknown', async () => await show(`clvt_${'A'.repeat(22)}`)],
    ['that is no ticket', 'ticket.unknown', async () => await show('x'.repeat(10_000))],
    ['that is empty', 'ticket.unknown', async () => await show('')],
  ])('%s opens nothing', async (_what, code, use) => {
    expect(await use()).toMatchObject(refusal(code))
  })

  test('opens nothing once the grant was ended', async () => {
    const { ticket, grant } = await given()
    const row = { ...(await world.vouched('access_grant', String(grant.id))), state: 'ended' }
    must(await world.write([{ kind: 'access_grant', revision: 2, row }], { by: 'system' }))
    expect(await show(ticket)).toMatchObject(refusal('access.grant_over'))
  })

  test('that a superuser put into the database opens nothing, nor one whose row was bent', async () => {
    const { ticket, grant } = await given()
    const mine = `clvt_${'B'.repeat(22)}`
    const columns = 'person_id, grant_id, source, shown_at, shown_until, expires_at, mac'
    await world.sql(
      `insert into vault.connection_ticket (ticket_hash, ${columns}) select $1, ${columns} from vault.connection_ticket where ticket_hash = $2`,
      [sha256(mine), sha256(ticket)],
    )
    expect(await show(mine)).toMatchObject(refusal('ticket.unknown'))
    for (const bent of [`source = '192.0.2.66'`, `expires_at = expires_at + interval '1 day'`, `person_id = '${world.bob.id}'`]) {
      const before = await given()
      await world.sql(`update vault.connection_ticket set ${bent} where ticket_hash = $1`, [sha256(before.ticket)])
      expect(await show(before.ticket, bent.startsWith('source') ? '192.0.2.66' : home), bent).toMatchObject(refusal('ticket.unknown'))
    }
    expect(grant.id).toBeTruthy()
  })

  test('is not given for another person’s grant, for one that ended, or without a presence', async () => {
    const { grant, presence } = await given()
    const { presence: bobs } = await world.present(world.bob)
    const ask = async (by: string, id = String(grant.id)) => await world.keeper.ask('issueTicket', { presence: by, grant: id, from: home })
    expect(await ask(bobs)).toMatchObject(refusal('ticket.not_yours'))
    expect(await ask('made up')).toMatchObject(refusal('presence.invalid'))
    expect(await ask(presence, 'grt_aaaaaaaaaa')).toMatchObject(refusal('keeper.unknown_row'))
  })

  test('is not made by a gateway alone, nor shown by anyone but a gateway', async () => {
    const { grant, presence, ticket } = await given()
    expect(await world.gateway.ask('issueTicket', { presence, grant: String(grant.id), from: home })).toMatchObject(
      refusal('keeper.not_allowed'),
    )
    expect(await world.keeper.ask('presenceByTicket', { from: home }, Secret.fromText(ticket))).toMatchObject(refusal('keeper.not_allowed'))
  })

  test('is told apart by machine: an IPv4 address by IPv6 is the same, loopback is loopback', async () => {
    const { ticket } = await given('127.0.0.1')
    must(await show(ticket, '::1'))
    const other = await given('::ffff:192.0.2.10')
    must(await show(other.ticket, '192.0.2.10'))
    expect(await show(other.ticket, '127.0.0.1')).toMatchObject(refusal('ticket.elsewhere'))
  })

  test('is void once its person was changed, also when they are active again', async () => {
    const { ticket } = await given()
    for (const state of ['disabled', 'active']) {
      const row = { ...(await world.vouched('person', world.alice.id)), state }
      const revision = (world.inside.context.notary.head('person', world.alice.id)?.revision ?? 0) + 1
      must(await world.write([{ kind: 'person', revision, row }], world.stepUp(world.carol)))
      expect(await show(ticket)).toMatchObject(refusal(state === 'active' ? 'ticket.unknown' : 'factor.person_not_active'))
    }
  })

  test('expires, and its holder is told so', async () => {
    const { ticket } = await given()
    world.later(300_001)
    expect(await show(ticket)).toMatchObject(refusal('ticket.expired'))
  })

  test('stands in the database as a hash alone', async () => {
    const { ticket } = await given()
    const rows = await world.sql('select to_jsonb(t) as row from vault.connection_ticket t', [])
    expect(JSON.stringify(rows)).not.toContain(ticket)
    expect(JSON.stringify(await world.entries())).not.toContain(ticket)
  })

  test('is refused beyond fifty that are good at once', async () => {
    const { grant, presence } = await given()
    const ask = async () => await world.keeper.ask('issueTicket', { presence, grant: String(grant.id), from: home })
    for (let i = 0; i < 49; i++) must(await ask())
    expect(await ask()).toMatchObject(refusal('ticket.too_many'))
  })
})
