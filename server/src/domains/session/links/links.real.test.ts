import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../../../../test/support/until.ts'
import type { Attempt, OfferedLink, Recognised } from '../../../gateways/contract.ts'
import { attest } from '../../../keeper/attest-rows.ts'
import type { Authority } from '../../../keeper/contract.ts'
import { again } from '../../../keeper/test/check-out.ts'
import type { Row } from '../../../keeper/test/world.ts'
import type { PersonId } from '../../../kernel/id.ts'
import { Secret } from '../../../kernel/secret.ts'
import { sha256 } from '../../../platform/crypto/hash.ts'
import { createPasswords } from '../../identity/index.ts'
import { goodPassword, must, type Someone } from '../../identity/test/house.ts'
import type { Host } from '../index.ts'
import { openSessions, shell } from '../test/session-world.ts'
import { linkRoutes } from './links.routes.ts'
import type { LinkRow } from './links.store.ts'

let sessions: Awaited<ReturnType<typeof openSessions>>
let world: typeof sessions.world
let host: Host
beforeAll(async () => {
  sessions = await openSessions()
  ;({ world, host } = sessions)
})
afterAll(() => sessions?.close())
beforeEach(() => world.sql('delete from sign_in_link'))

let network = 0
const at = (person = 'alice', address = `192.0.2.${++network % 250}`): Attempt => ({
  ...{ door: 'ssh', person, account: 'deploy', target: 'web01', from: `${address}:4711` },
})
const offered = async (attempt = at(), shown?: Recognised): Promise<OfferedLink> =>
  must(await host.offerLink(attempt, 'OpenSSH_9.2', shown))
const codeOf = (link: OfferedLink) => link.url.split('/').at(-1) ?? ''
const rowOf = async (link: OfferedLink) =>
  (await world.sql('select * from sign_in_link where display_code = $1', [codeOf(link)]))[0] as LinkRow
const waits = () => new AbortController().signal
const refused = (code: string, message?: string) => ({
  ok: false,
  error: { code, ...(message && { message: expect.stringContaining(message) }) },
})
const answered = (code: string) => ({ ok: false, error: { body: { code } } })
const about = async (act: string) => (await world.entries()).filter((e) => e.act === act)
const last = (act: string) => until(`an entry ${act}`, async () => (await about(act)).at(-1))

/** What somebody does in the console. */
const inConsole = (who: Someone, source = '127.0.0.1') => {
  const routes = linkRoutes({ ...world, now: world.clock.now })
  const run = (id: string, code: string, body?: object) =>
    (routes.find(({ route }) => route.id === id) as (typeof routes)[number]).run({
      ...{ params: { code }, query: undefined, body, source, token: undefined, setupToken: undefined, hostToken: undefined },
      ...{
        who: { person: who.id, name: who.name, groups: [], presence: '', signIn: 'sgn_aaaaaaaaaa' as never },
        setCookie: () => undefined,
      },
    })
  return {
    look: (link: OfferedLink) => run('signInLink', codeOf(link)),
    confirm: (link: OfferedLink, number: string = link.number, code = who.code()) =>
      run('confirmSignInLink', codeOf(link), { number, code }),
    refuse: (link: OfferedLink) => run('refuseSignInLink', codeOf(link)),
  }
}
/** What the gateway's process may say of a connection. */
const claim = async (link: OfferedLink, over: Row = {}, secret = new Uint8Array(16)) => {
  const { id, who, account, target, source, number } = await rowOf(link)
  return await world.gateway.ask('presenceByLink', { link: id, who, account, target, source, number, ...over }, new Secret(secret))
}

describe('a link', () => {
  test('lets its connection in when its person confirmed it, and with what comes of it a session opens', async () => {
    await sessions.granted()
    const attempt = at()
    const link = await offered(attempt)
    expect(link).toMatchObject({ url: expect.stringMatching(/^http:\/\/localhost\/link\/[0-9A-Z]{4}-[0-9A-Z]{4}$/), seconds: 120 })
    const [address] = attempt.from.split(':')
    expect(must(await inConsole(world.alice).look(link))).toMatchObject({
      ...{ account: 'deploy', target: 'web01', address, here: false, client: 'OpenSSH_9.2', shown: null, state: 'waiting' },
    })
    const coming = link.confirmed(waits())
    expect(must(await inConsole(world.alice).confirm(link))).toMatchObject({ state: 'confirmed' })
    const admitted = must(await coming)
    expect(admitted).toMatchObject({ person: world.alice.id, attempt, admitted: true })
    expect(await last('session.link_confirmed')).toMatchObject({
      ...{ by: world.alice.id, fields: { account: 'deploy', target: 'web01', factor: 'totp' } },
      attests: [{ kind: 'sign_in_confirmation' }],
    })
    expect(await last('session.admitted')).toMatchObject({ by: world.alice.id, fields: { door: 'ssh', factor: 'link' } })
    const grant = must(await host.findGrant(admitted))
    await sessions.ended(must(await host.open(admitted, grant as never, shell)))
  })

  test('after a key or a password is one factor more, and the ledger says after which', async () => {
    const attempt = at()
    const after = must(await sessions.without({ passwords: await createPasswords() }).recognisePassword(attempt, goodPassword))
    const link = await offered(attempt, after)
    expect(must(await inConsole(world.alice).look(link))).toMatchObject({ shown: 'password' })
    must(await inConsole(world.alice).confirm(link))
    expect(must(await link.confirmed(waits()))).toMatchObject({ shown: ['password'] })
    await until('the entry', async () => (await about('session.admitted')).some((e) => e.fields.factor === 'password+link'))
  })

  test('tells its person whether it comes from where they are', async () => {
    const link = await offered(at('alice', '127.0.0.1'))
    expect(must(await inConsole(world.alice, '::1').look(link))).toMatchObject({ here: true })
  })

  test('is printed for a name that nobody has, in the same way, and nobody can confirm it', async () => {
    const [known, nobodys] = [await offered(at('alice')), await offered(at('nobody-here'))]
    expect(Object.keys(nobodys)).toEqual(Object.keys(known))
    expect(await inConsole(world.alice).confirm(nobodys)).toMatchObject(answered('session.link_unknown'))
    const given = new AbortController()
    const coming = nobodys.confirmed(given.signal)
    given.abort()
    expect(await coming).toMatchObject(refused('link.gone'))
  })

  test('that was refused ends the connection, and alarms', async () => {
    const link = await offered()
    const coming = link.confirmed(waits())
    expect(must(await inConsole(world.alice).refuse(link))).toMatchObject({ state: 'refused' })
    expect(await coming).toMatchObject({ ok: false, error: { code: 'link.refused', final: true } })
    expect(await last('alarm.sign_in_link')).toMatchObject({
      phase: 'alarm',
      by: world.alice.id,
      fields: { account: 'deploy', shown: null },
    })
    expect(await inConsole(world.alice).confirm(link)).toMatchObject(answered('session.link_over'))
    expect(await inConsole(world.alice).refuse(link)).toMatchObject(answered('session.link_over'))
  })

  test('is over after two minutes', async () => {
    const link = await offered()
    world.later(120_000)
    expect(must(await inConsole(world.alice).look(link))).toMatchObject({ state: 'over' })
    expect(await inConsole(world.alice).confirm(link)).toMatchObject(answered('session.link_over'))
    expect(await link.confirmed(waits())).toMatchObject(refused('link.expired'))
    const said = async () => (await about('session.attempt')).find((e) => e.fields.code === 'link.expired')
    expect(await until('the entry of it', said)).toMatchObject({ phase: 'refused' })
  })

  test('of a client that went away is over at once; that it was not its person can be said still', async () => {
    const link = await offered()
    const gone = new AbortController()
    const coming = link.confirmed(gone.signal)
    gone.abort()
    expect(await coming).toMatchObject(refused('link.gone'))
    expect(await inConsole(world.alice).confirm(link)).toMatchObject(answered('session.link_over'))
    expect(must(await inConsole(world.alice).refuse(link))).toMatchObject({ state: 'refused' })
  })
})

describe('somebody else', () => {
  test('is told what everybody is told of a link that is not there, and the ledger has it once', async () => {
    const link = await offered()
    const none = { ...link, url: 'http://localhost/link/0000-0000' }
    const bob = inConsole(world.bob)
    const told = await bob.look(none)
    expect(told).toMatchObject(answered('session.link_unknown'))
    expect(await bob.look(link)).toEqual(told)
    expect(await bob.confirm(link)).toEqual(told)
    expect(await bob.refuse(link)).toEqual(told)
    expect(must(await inConsole(world.alice).look(link))).toMatchObject({ state: 'waiting' })
    const { id } = await rowOf(link)
    expect((await about('session.link_not_theirs')).filter((e) => e.by === world.bob.id && e.fields.link === id)).toHaveLength(1)
  })

  test('who types another number ends it, and no code is spent', async () => {
    const link = await offered()
    const coming = link.confirmed(waits())
    const code = world.alice.code()
    const other = String(((Number(link.number) - 99) % 900) + 100)
    expect(await inConsole(world.alice).confirm(link, other, code)).toMatchObject(answered('session.link_misread'))
    expect(await coming).toMatchObject(refused('link.misread'))
    expect(await inConsole(world.alice).confirm(link, link.number, code)).toMatchObject(answered('session.link_over'))
    expect(await last('session.link_misread')).toMatchObject({ phase: 'refused', by: world.alice.id })
    const next = await offered()
    must(await inConsole(world.alice).confirm(next, next.number, code))
  })

  test('is let in by no link whose person was disabled meanwhile', async () => {
    const frank = await world.enrolled('frank')
    const link = await offered(at('frank'))
    must(await inConsole(frank).confirm(link))
    const { id: person } = frank
    must(await world.identity.disablePerson({ person, reason: 'left', by: world.carol.id, code: world.carol.code() }))
    expect(await link.confirmed(waits())).toMatchObject(refused('factor.person_not_active'))
  })
})

describe('what was confirmed', () => {
  test('lets in once', async () => {
    const link = await offered()
    must(await inConsole(world.alice).confirm(link))
    expect(await inConsole(world.alice).confirm(link)).toMatchObject(answered('session.link_over'))
    must(await link.confirmed(waits()))
    expect(await link.confirmed(waits())).toMatchObject({ ok: false })
  })

  test('is good for no other connection, person, account, target, address or number', async () => {
    const secret = Buffer.alloc(16, 7)
    const link = await offered()
    await world.sql('update sign_in_link set connection = $2 where display_code = $1', [codeOf(link), sha256(secret).toString('hex')])
    must(await inConsole(world.alice).confirm(link))
    const other = {
      who: 'bob',
      account: 'root',
      target: 'db01',
      source: '198.51.100.66:4711',
      number: link.number === '100' ? '101' : '100',
    }
    for (const [column, value] of Object.entries(other))
      expect([column, await claim(link, { [column]: value }, Buffer.from(secret))]).toMatchObject([
        column,
        refused('link.other_connection'),
      ])
    expect(await claim(link)).toMatchObject(refused('link.other_connection'))
    expect(await claim(link, { link: 'lnk_aaaaaaaaaa' }, Buffer.from(secret))).toMatchObject(refused('link.not_confirmed'))
    // none of these used it up; too late it is none of anybody's
    const presence = must(await claim(link, {}, Buffer.from(secret)))
    expect(presence).toMatchObject({ person: world.alice.id })
    expect(await claim(link, {}, Buffer.from(secret))).toMatchObject(refused('link.over'))
  })

  test('is good for nothing once its person was changed', async () => {
    const gina = await world.enrolled('gina')
    const link = await offered(at('gina'))
    must(await inConsole(gina).confirm(link))
    must(await world.write([await again(world, 'person', gina.id, { display_name: 'Gina' })], world.stepUp(world.carol)))
    expect(await link.confirmed(waits())).toMatchObject(refused('link.over'))
  })

  test('and was not used within a minute is too old', async () => {
    const link = await offered()
    must(await inConsole(world.alice).confirm(link))
    world.later(61_000)
    expect(await link.confirmed(waits())).toMatchObject(refused('link.over'))
  })
})

describe('whoever can write to the database', () => {
  test('lets in nobody by a confirmation of their own making, and raises an alarm', async () => {
    const link = await offered()
    const { id, who, account, target, source, number, connection } = await rowOf(link)
    await world.sql(
      `insert into sign_in_confirmation (id, person_id, person_revision, epoch, who, account, target, source, number, connection, confirmed_at, expires_at, revision, mac)
       select $1, id, revision, 1, $3, $4, $5, $6, $7, $8, $9, $9, 1, mac from person where id = $2`,
      [id, world.alice.id, who, account, target, source, number, connection, world.clock.now()],
    )
    await world.sql("update sign_in_link set state = 'confirmed' where id = $1", [id])
    expect(await link.confirmed(waits())).toMatchObject(refused('keeper.forged_row'))
    expect((await about('alarm.forged_row')).some((e) => e.fields.subject === id)).toBe(true)
  })

  test('lets in nobody by saying that a link was confirmed', async () => {
    const link = await offered()
    await world.sql("update sign_in_link set state = 'confirmed' where display_code = $1", [codeOf(link)])
    expect(await link.confirmed(waits())).toMatchObject(refused('link.not_confirmed'))
  })

  test('has nobody confirm another connection than the one that they saw', async () => {
    const [theirs, attackers] = [await offered(), await offered(at('alice', '198.51.100.66'))]
    // her link leads to the attacker's connection: from an address that she does not see
    const { connection } = await rowOf(attackers)
    await world.sql('update sign_in_link set connection = $2 where display_code = $1', [codeOf(theirs), connection])
    must(await inConsole(world.alice).confirm(theirs))
    await world.sql("update sign_in_link set state = 'confirmed' where display_code = $1", [codeOf(attackers)])
    expect(await attackers.confirmed(waits())).toMatchObject(refused('link.not_confirmed'))
    expect(await theirs.confirmed(waits())).toMatchObject(refused('link.other_connection'))
  })

  test('gives nobody another name', async () => {
    const link = await offered(at('alice'))
    await world.sql("update sign_in_link set who = 'bob' where display_code = $1", [codeOf(link)])
    must(await inConsole(world.bob).confirm(link))
    expect(await link.confirmed(waits())).toMatchObject(refused('link.other_connection'))
  })
})

describe('whoever has the process of the console', () => {
  const confirmation = async (link: OfferedLink, over: Row = {}): Promise<Row> => {
    const { id, who, account, target, source, number, connection, expires_at } = await rowOf(link)
    const [person] = await world.sql('select id, revision from person where name = $1', [who])
    return {
      ...{ id, person_id: person?.id, person_revision: person?.revision, epoch: 1, who, account, target, source, number, connection },
      ...{ confirmed_at: world.clock.now(), expires_at, ...over },
    }
  }
  const attested = async (row: Row, authority: Authority, by = world.keeper) =>
    await attest(by, [{ kind: 'sign_in_confirmation', revision: 1, row }], authority)

  test('has nothing confirmed without a code of the person', async () => {
    const link = await offered()
    const row = await confirmation(link)
    expect(await attested(row, { by: 'system' })).toMatchObject(refused('access.step_up_needed'))
    expect(await attested(row, await world.present(world.alice))).toMatchObject(refused('access.step_up_needed'))
    expect(await attested(row, world.stepUp(world.bob))).toMatchObject(refused('keeper.not_authorised'))
    expect(await attested(row, world.stepUp(world.alice), world.gateway)).toMatchObject(refused('access.step_up_needed'))
    expect(await attested({ ...row, person_id: world.bob.id, person_revision: 1 }, world.stepUp(world.bob))).toMatchObject(
      refused('keeper.not_authorised'),
    )
  })

  test.each<[string, (now: number) => Row]>([
    ['for later', (now) => ({ confirmed_at: new Date(now + 600_000), expires_at: new Date(now + 660_000) })],
    ['for longer', (now) => ({ expires_at: new Date(now + 3_600_000) })],
    ['of another epoch', () => ({ epoch: 2 })],
    ['of somebody who was changed since', () => ({ person_revision: 99 })],
    ['without a number', () => ({ number: '' })],
    ['that ends before it begins', (now) => ({ expires_at: new Date(now - 1000) })],
    ['of what is no connection', () => ({ connection: 'any' })],
    ['that came under another name', () => ({ who: 'bob' })],
  ])('has none confirmed %s', async (_what, over) => {
    const authority = world.stepUp(world.alice)
    const row = await confirmation(await offered(), over(world.clock.now().getTime()))
    expect(await attested(row, authority)).toMatchObject(refused('keeper.not_authorised'))
  })

  test('has none confirmed for somebody with the code of another, who says that it came under their own name', async () => {
    const authority = world.stepUp(world.bob)
    const [bob] = await world.sql('select revision from person where id = $1', [world.bob.id])
    const row = await confirmation(await offered(), { who: 'bob', person_revision: bob.revision })
    expect(row.person_id).toBe(world.alice.id)
    expect(await attested(row, authority)).toMatchObject(refused('keeper.not_authorised', 'in your own name'))
  })

  test('has what was confirmed not changed into something else', async () => {
    const link = await offered()
    must(await inConsole(world.alice).confirm(link))
    const authority = world.stepUp(world.alice)
    const now = world.clock.now()
    const row = await confirmation(link, { account: 'root', confirmed_at: now, expires_at: new Date(now.getTime() + 60_000) })
    const changed = [{ kind: 'sign_in_confirmation' as const, revision: 2, row }]
    expect(await attest(world.keeper, changed, authority)).toMatchObject(refused('keeper.not_authorised', 'confirmed once'))
  })

  test('has no presence of it', async () => {
    const link = await offered()
    must(await inConsole(world.alice).confirm(link))
    const { id, who, account, target, source, number } = await rowOf(link)
    const asked = world.keeper.ask('presenceByLink', { link: id, who, account, target, source, number }, new Secret(new Uint8Array(16)))
    expect(await asked).toMatchObject(refused('keeper.not_allowed'))
  })
})

describe('many of them', () => {
  const waiting = (attempt: Attempt, shown?: Recognised) => host.offerLink(attempt, 'x', shown)

  test('wait for a name three from an address and ten in all, and the rest is refused', async () => {
    for (let i = 0; i < 3; i++) must(await waiting(at('alice', '203.0.113.1')))
    expect(await waiting(at('alice', '203.0.113.1'))).toMatchObject({ ok: false, error: { code: 'link.too_many', final: true } })
    for (let i = 0; i < 7; i++) must(await waiting(at('alice', `203.0.113.${2 + i}`)))
    expect(await waiting(at('alice', '203.0.113.99'))).toMatchObject(refused('link.too_many'))
    // they keep out nobody else, and not whoever shows a key first
    must(await waiting(at('bob', '203.0.113.99')))
    const attempt = at('alice', '203.0.113.1')
    must(await waiting(attempt, { person: world.alice.id as PersonId, attempt, admitted: false, shown: ['key'] }))
    // nor for longer than they wait
    world.later(120_000)
    must(await waiting(at('alice', '203.0.113.99')))
  })

  test('of an address, whatever became of them, are bounded in a while, also when they come at once', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, (_, i) => waiting(at(`guess${i}`, '203.0.113.200'))))
    expect(made.filter(({ ok }) => ok)).toHaveLength(10)
    await world.sql("update sign_in_link set state = 'over'")
    for (let i = 0; i < 20; i++) {
      must(await waiting(at(`more${i}`, '203.0.113.200')))
      await world.sql("update sign_in_link set state = 'over'")
    }
    expect(await waiting(at('one-more', '203.0.113.200'))).toMatchObject(refused('link.too_many'))
  })

  test('do not stay: what is an hour old is removed', async () => {
    await offered()
    world.later(2 * 3600_000)
    await offered(at('bob'))
    expect(await world.sql('select who from sign_in_link')).toEqual([{ who: 'bob' }])
  })
})

// the last one: nothing that was given before holds afterwards
test('what was confirmed before a new epoch lets nobody in', async () => {
  const link = await offered()
  must(await inConsole(world.alice).confirm(link))
  await world.beginEpoch()
  expect(await link.confirmed(waits())).toMatchObject(refused('link.over'))
})
