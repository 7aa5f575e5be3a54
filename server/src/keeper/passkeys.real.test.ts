import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must, type Someone } from '../domains/identity/test/house.ts'
import type { Result } from '../kernel/result.ts'
import type { KeeperRefusal } from './contract.ts'
import { actDigest } from './people/act-digest.ts'
import { type Drafted, filed, vote } from './test/access.ts'
import { type Authenticator, createAuthenticator, passkeyOf } from './test/authenticator.ts'
import { ownPasskey } from './test/by-passkey.ts'
import { openDevKeeper } from './test/start.ts'
import { openWorld, type Row, type World } from './test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const refused = (code: string, message?: string) => ({
  ok: false,
  error: { code, ...(message && { message: expect.stringContaining(message) }) },
})
const minutes = (n: number) => n * 60_000

const owned = (person: Someone, authenticator?: Authenticator) => ownPasskey(world, person, authenticator)
type Owned = Awaited<ReturnType<typeof owned>>

/** The challenge in a refusal that asks back. */
function askedOf(answer: Result<unknown, KeeperRefusal>): string {
  expect(answer).toMatchObject({ ok: false, error: { code: 'factor.passkey_asked' } })
  return String(!answer.ok && answer.error.facts?.challenge)
}
const here = (person: { id: string }, code: string, act?: string) =>
  world.keeper.ask('presence', { person: person.id, code, ...(act !== undefined && { act }) })
const challengeFor = async (person: { id: string }, act?: string) => askedOf(await here(person, 'passkey', act))

/** Another node, or the next start. */
const anotherKeeper = (passkeySite = world.inside.context.passkeys.site) =>
  openDevKeeper({
    ...{ pool: world.keeperPool, folder: `${world.database.folder}/keeper`, log: () => undefined, now: world.clock.now },
    passkeySite,
  })

/** Somebody else for each test: counters and passkeys of one do not meet another's. */
let names = 0
const somebody = async () => await world.enrolled(`k${names++}`, ['approvers'])

describe('a passkey in the place of a code', () => {
  test.each(['ES256', 'EdDSA', 'RS256'] as const)('of the kind %s says who is there', async (algorithm) => {
    const person = await somebody()
    const passkey = await owned(person, createAuthenticator(algorithm))
    must(await here(person, passkey.answer(await challengeFor(person))))
  })

  test('is asked for those that are theirs and in use, at this name', async () => {
    const person = await somebody()
    expect(await here(person, 'passkey')).toMatchObject(refused('factor.no_passkey'))
    const [one, two] = [await owned(person), await owned(person)]
    must(await world.write([{ kind: 'passkey', revision: 2, row: { ...two.row, state: 'removed' } }], world.stepUp(person)))
    expect(await here(person, 'passkey')).toMatchObject({ error: { facts: { rpId: 'localhost', credentials: one.credential } } })
  })

  test('its answer is good once, also after its row in the database is gone', async () => {
    const person = await somebody()
    const passkey = await owned(person)
    const answer = passkey.answer(await challengeFor(person))
    must(await here(person, answer))
    expect(await here(person, answer)).toMatchObject(refused('factor.passkey_refused', 'used already'))
    await world.sql('delete from vault.passkey_spent')
    expect(await here(person, answer)).toMatchObject(refused('factor.passkey_refused', 'used already'))
  })

  test('its answer is taken from one of many who send it at once', async () => {
    const person = await somebody()
    const answer = (await owned(person)).answer(await challengeFor(person))
    const answers = await Promise.all(Array.from({ length: 5 }, () => here(person, answer)))
    expect(answers.filter((a) => a.ok)).toHaveLength(1)
  })

  test('its answer is not good again at a keeper that began since, though the database forgot it', async () => {
    const person = await somebody()
    const answer = (await owned(person)).answer(await challengeFor(person))
    must(await here(person, answer))
    await world.sql('delete from vault.passkey_spent')
    const other = await anotherKeeper()
    const again = await other.context.prove({ person: person.id, code: answer, act: actDigest('presence', null) })
    expect(again).toMatchObject(refused('factor.passkey_refused', 'Try again'))
    other.wipe()
  })

  test('its answer is not good again at another keeper of the same database, nor is the count that a copy would be at', async () => {
    const person = await somebody()
    const passkey = await owned(person)
    const other = await anotherKeeper()
    const there = (code: string) => other.context.prove({ person: person.id, code, act: actDigest('presence', null) })
    const answer = passkey.answer(await challengeFor(person), { counter: 7 })
    must(await here(person, answer))
    expect(await there(answer)).toMatchObject(refused('factor.passkey_refused', 'used already'))
    const copy = passkey.answer(askedOf(await there('passkey')), { counter: 7 })
    expect(await there(copy)).toMatchObject(refused('factor.passkey_refused', 'counts backwards'))
    must(await there(passkey.answer(askedOf(await there('passkey')), { counter: 8 })))
    other.wipe()
  })

  test('is not asked for where this server is opened by another name by now', async () => {
    const person = await somebody()
    const passkey = await owned(person)
    const answer = passkey.answer(await challengeFor(person))
    const other = await anotherKeeper({ rpId: 'pam.example.com', origin: 'https://pam.example.com' })
    for (const code of ['passkey', answer])
      expect(await other.context.prove({ person: person.id, code, act: actDigest('presence', null) })).toMatchObject(
        refused('factor.no_passkey'),
      )
    other.wipe()
  })

  test('is no way through a gateway', async () => {
    const person = await somebody()
    const passkey = await owned(person)
    expect(await world.gateway.ask('presence', { person: person.id, code: 'passkey' })).toMatchObject(refused('factor.code_wrong'))
    const answer = passkey.answer(await challengeFor(person))
    expect(await world.gateway.ask('presence', { person: person.id, code: answer })).toMatchObject(refused('factor.code_wrong'))
  })
})

describe('nobody comes in', () => {
  type Attack = [string, string, (person: Someone, passkey: Owned, challenge: string) => Promise<string> | string]
  const attacks: Attack[] = [
    ['with another person’s passkey', 'not one of yours', async (_p, _k, challenge) => (await owned(world.bob)).answer(challenge)],
    ['with a passkey of nobody’s', 'not one of yours', (_p, _k, challenge) => createAuthenticator().answer(challenge)],
    [
      'with a key of their own under the name of the person’s passkey',
      'did not sign',
      (_p, { credential }, challenge) => Object.assign(createAuthenticator(), { credential }).answer(challenge),
    ],
    ['from a page of another origin', 'not given on a page', (_p, k, c) => k.answer(c, { origin: 'https://localhost.example.com' })],
    ['from the same name at another port', 'not given on a page', (_p, k, c) => k.answer(c, { origin: 'http://localhost:8201' })],
    ['with an answer for another name', 'not given on a page', (_p, k, c) => k.answer(c, { rpId: 'example.com' })],
    ['with what was said when a passkey was made', 'not given on a page', (_p, k, c) => k.answer(c, { type: 'webauthn.create' })],
    ['without the authenticator having made sure of them', 'did not make sure', (_p, k, c) => k.answer(c, { verified: false })],
    ['without anybody having touched it', 'did not make sure', (_p, k, c) => k.answer(c, { present: false })],
    ['with a challenge of their own', 'something else', (_p, k) => k.answer(Buffer.alloc(56, 7).toString('base64url'))],
    [
      'with a challenge for another person',
      'something else',
      async (_p, k) => {
        const other = await somebody()
        await owned(other)
        return k.answer(await challengeFor(other))
      },
    ],
    [
      'with the same challenge in other letters, which would count as another one that was not used yet',
      'something else',
      (_p, k, c) => {
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        const other = c.slice(0, -1) + letters[letters.indexOf(c.at(-1) ?? '') ^ 1]
        expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(c, 'base64url'))
        return k.answer(other)
      },
    ],
    ['with an answer for another act', 'something else', async (p, k) => k.answer(await challengeFor(p, 'sign in elsewhere'))],
    [
      'with the answer to a challenge of two minutes ago',
      'longer than two minutes',
      (_p, k, c) => {
        world.later(minutes(2))
        return k.answer(c)
      },
    ],
    [
      'with one of an hour ago',
      'longer than two minutes',
      (_p, k, c) => {
        world.later(minutes(60))
        return k.answer(c)
      },
    ],
    [
      'with a changed counter under the old signature',
      'did not sign',
      (_p, k, c) => {
        const parts = k.answer(c).split('.')
        const data = Buffer.from(parts[2] ?? '', 'base64url')
        data[36] = 9
        parts[2] = data.toString('base64url')
        return parts.join('.')
      },
    ],
  ]
  test.each(attacks)('%s', async (_what, words, attack) => {
    const person = await somebody()
    const passkey = await owned(person)
    const challenge = await challengeFor(person)
    const answer = await attack(person, passkey, challenge)
    expect(await here(person, answer)).toMatchObject(refused('factor.passkey_refused', words))
  })

  test('with a passkey that was removed, though the answer was asked for before', async () => {
    const person = await somebody()
    const passkey = await owned(person)
    const other = await owned(person)
    const challenge = await challengeFor(person)
    must(await world.write([{ kind: 'passkey', revision: 2, row: { ...passkey.row, state: 'removed' } }], world.stepUp(person)))
    expect(await here(person, passkey.answer(challenge))).toMatchObject(refused('factor.passkey_refused', 'not one of yours'))
    must(await here(person, other.answer(challenge)))
  })

  test('whose counter went back: a copy of the authenticator, which raises an alarm, also when the database forgot how far it was', async () => {
    const person = await somebody()
    const passkey = await owned(person)
    must(await here(person, passkey.answer(await challengeFor(person), { counter: 7 })))
    await world.sql('update vault.passkey_use set counter = 0 where passkey_id = $1', [passkey.row.id])
    for (const counter of [7, 6, 0])
      expect(await here(person, passkey.answer(await challengeFor(person), { counter }))).toMatchObject(
        refused('factor.passkey_refused', 'counts backwards'),
      )
    const alarms = (await world.entries()).filter((e) => e.phase === 'alarm' && e.fields.subject === passkey.row.id)
    expect(alarms).toHaveLength(3)
    must(await here(person, passkey.answer(await challengeFor(person), { counter: 8 })))
  })

  test.each([
    [
      'with a row of their own in the database',
      async (person: Someone) => {
        const forged = createAuthenticator()
        await world.store('passkey', passkeyOf(person.id, forged), 1, Buffer.alloc(32))
        return forged
      },
    ],
    [
      'with their own key in a row that was attested',
      async (person: Someone) => {
        const [passkey, forged] = [await owned(person), createAuthenticator()]
        await world.sql('update passkey set public_key = $2, credential_id = $3 where id = $1', [
          passkey.row.id,
          forged.publicKey,
          forged.credential,
        ])
        return forged
      },
    ],
    [
      'with another person’s row that was made theirs',
      async (person: Someone) => {
        const theirs = await owned(world.erin)
        await world.sql('update passkey set person_id = $2 where id = $1', [theirs.row.id, person.id])
        return theirs
      },
    ],
    [
      'with a removed row that was put back',
      async (person: Someone) => {
        const passkey = await owned(person)
        const [before] = await world.sql('select * from passkey where id = $1', [passkey.row.id])
        must(await world.write([{ kind: 'passkey', revision: 2, row: { ...passkey.row, state: 'removed' } }], world.stepUp(person)))
        await world.store('passkey', before as Row, 1, (before as { mac: Buffer }).mac)
        return passkey
      },
    ],
  ] as const)('%s', async (_what, forge) => {
    const person = await somebody()
    const ours = await owned(person)
    const challenge = await challengeFor(person)
    const forged = await forge(person)
    expect(await here(person, forged.answer(challenge))).toMatchObject(refused('keeper.forged_row'))
    await world.sql('delete from passkey where id <> $1 and person_id = $2', [ours.row.id, person.id])
  })
})

describe('a yes to one act', () => {
  const by = (person: Someone, code: string) => ({ by: 'stepUp', person: person.id, code }) as const
  const waiting = () => filed(world, world.alice, world.deploy)
  const yes = (request: Drafted, over: Row = {}) => [
    { kind: 'approval' as const, revision: 1, row: vote(world, request, world.bob, { factor_kind: 'passkey', ...over }) },
  ]

  test('is asked for the request and taken for it, though its row is made anew', async () => {
    const passkey = await owned(world.bob)
    const request = await waiting()
    const challenge = askedOf(await world.write(yes(request), by(world.bob, 'passkey')))
    world.later(40_000)
    must(await world.write(yes(request), by(world.bob, passkey.answer(challenge))))
  })

  test('is not taken for another request, nor as another word on the same', async () => {
    const passkey = await owned(world.bob)
    const [one, other] = [await waiting(), await waiting()]
    const challenge = askedOf(await world.write(yes(one), by(world.bob, 'passkey')))
    const answer = by(world.bob, passkey.answer(challenge))
    const elsewhere = refused('factor.passkey_refused', 'something else')
    expect(await world.write(yes(other), answer)).toMatchObject(elsewhere)
    expect(await world.write([...yes(one), ...yes(other)], answer)).toMatchObject(elsewhere)
    expect(await world.write(yes(one, { verdict: 'denied' }), answer)).toMatchObject(elsewhere)
    expect(await here(world.bob, answer.code)).toMatchObject(elsewhere)
    must(await world.write(yes(one), answer))
  })

  test('a sign-in’s answer is no yes', async () => {
    const passkey = await owned(world.bob)
    const answer = passkey.answer(await challengeFor(world.bob))
    expect(await world.write(yes(await waiting()), by(world.bob, answer))).toMatchObject(
      refused('factor.passkey_refused', 'something else'),
    )
  })

  test('says by what it was given: a code is no passkey’s yes, and the other way round', async () => {
    const passkey = await owned(world.bob)
    const request = await waiting()
    expect(await world.write(yes(request), world.stepUp(world.bob))).toMatchObject(refused('access.step_up_needed'))
    const totp = yes(request, { factor_kind: 'totp' })
    const challenge = askedOf(await world.write(totp, by(world.bob, 'passkey')))
    expect(await world.write(totp, by(world.bob, passkey.answer(challenge)))).toMatchObject(refused('access.step_up_needed'))
  })
})

test('a yes to one thing that is wrong with the ledger is none to another', async () => {
  const passkey = await owned(world.carol)
  const { context } = world.inside
  const acknowledge = (code: string) => world.keeper.ask('acknowledge', { person: world.carol.id, code })
  try {
    context.divergence = 'Entry 7 is another one.'
    const answer = passkey.answer(askedOf(await acknowledge('passkey')))
    context.divergence = 'Entries 2 to 9000 are missing.'
    expect(await acknowledge(answer)).toMatchObject(refused('factor.passkey_refused', 'something else'))
    context.divergence = 'Entry 7 is another one.'
    expect(must(await acknowledge(answer))).toMatchObject({ officers: 1, ready: false })
  } finally {
    context.divergence = undefined
    context.acknowledged.clear()
  }
})

describe('passkeys', () => {
  const add = (row: Row, person: Someone) => world.write([{ kind: 'passkey', revision: 1, row }], world.stepUp(person))
  const removed = (row: Row) => [{ kind: 'passkey' as const, revision: 2, row: { ...row, state: 'removed' } }]

  test.each([
    ['for another name', { rp_id: 'example.com' }],
    ['with a key of another kind', { algorithm: 'EdDSA' }],
    ['with what is no key', { public_key: 'AAAA' }],
    ['that are removed already', { state: 'removed' }],
  ])('%s are not added', async (_what, over) => {
    const person = await somebody()
    expect(await add({ ...passkeyOf(person.id, createAuthenticator()), ...over }, person)).toMatchObject(refused('keeper.not_authorised'))
  })

  test('are added by their owner with a fresh factor alone', async () => {
    const person = await somebody()
    const row = passkeyOf(person.id, createAuthenticator())
    expect(await add(row, world.carol)).toMatchObject(refused('keeper.not_authorised'))
    const rows = [{ kind: 'passkey' as const, revision: 1, row }]
    expect(await world.write(rows, await world.present(person))).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write(rows, { by: 'system' })).toMatchObject(refused('keeper.not_authorised'))
    must(await add(row, person))
  })

  test('are ten of one person at most', async () => {
    const person = await somebody()
    for (let i = 0; i < 10; i++) await owned(person)
    expect(await add(passkeyOf(person.id, createAuthenticator()), person)).toMatchObject(refused('keeper.not_authorised', 'more than 10'))
  })

  test('are removed by their owner or an administrator, with a fresh factor', async () => {
    const person = await somebody()
    const [one, two] = [await owned(person), await owned(person)]
    expect(await world.write(removed(one.row), await world.present(person))).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write(removed(one.row), world.stepUp(world.bob))).toMatchObject(refused('keeper.not_authorised'))
    must(await world.write(removed(one.row), world.stepUp(person)))
    must(await world.write(removed(two.row), world.stepUp(world.carol)))
  })

  test('may be removed by their own last word', async () => {
    const person = await somebody()
    const passkey = await owned(person)
    const as = (code: string) => ({ by: 'stepUp', person: person.id, code }) as const
    const challenge = askedOf(await world.write(removed(passkey.row), as('passkey')))
    must(await world.write(removed(passkey.row), as(passkey.answer(challenge))))
    expect(await here(person, 'passkey')).toMatchObject(refused('factor.no_passkey'))
  })

  test('open nothing for somebody who was disabled, nor what was asked before they were', async () => {
    const person = await somebody()
    const passkey = await owned(person)
    const challenge = await challengeFor(person)
    const row = await world.vouched('person', person.id)
    must(await world.write([{ kind: 'person', revision: 3, row: { ...row, state: 'disabled' } }], world.stepUp(world.carol)))
    expect(await here(person, passkey.answer(challenge))).toMatchObject(refused('factor.person_not_active'))
    must(await world.write([{ kind: 'person', revision: 4, row: { ...row, state: 'active' } }], world.stepUp(world.carol)))
    expect(await here(person, passkey.answer(challenge))).toMatchObject(refused('factor.passkey_refused'))
    must(await here(person, passkey.answer(await challengeFor(person))))
  })
})

// the last one: nothing that was given before holds afterwards
test('what was asked before a new epoch is answered in vain', async () => {
  const person = await somebody()
  const passkey = await owned(person)
  const before = passkey.answer(await challengeFor(person))
  await world.beginEpoch()
  expect(await here(person, before)).toMatchObject(refused('factor.passkey_refused', 'something else'))
  must(await here(person, passkey.answer(await challengeFor(person))))
})
