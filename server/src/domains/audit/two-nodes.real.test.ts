import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCheckpoint } from '../../keeper/ledger/checkpoint.ts'
import type { House } from '../identity/test/house.ts'
import { auditEvent } from './event.ts'
import { insertPlaced } from './ledger.store.ts'
import { appending, startSequencer } from './sequencer.ts'
import { secondNode } from './test/second-node.ts'
import { type SecondNode, withTwoNodes } from './test/with-two-nodes.ts'

/* Two servers on one database: one ledger, signed by whoever is elected, followed by the other. */

const happened = auditEvent('test.happened', { what: 'shown' })
let house: House
let second: SecondNode
withTwoNodes((...nodes) => {
  ;[house, second] = nodes
})

/** Both keepers have the same newest checkpoint. */
const same = async () => await expect.poll(() => house.inside.context.notary.note === second.inside.context.notary.note).toBe(true)
const places = async () => {
  const [row] = await house.sql(
    'select count(*)::int as n, min(place)::int as first, max(place)::int as last, count(distinct place)::int as different from ledger_entry where place is not null',
  )
  return row
}

test('entries of both get their places in one ledger without a gap, and each node answers only when its own keeper has followed', async () => {
  await expect.poll(() => [house.sequencer.leads(), second.sequencer.leads()]).toEqual([true, false])
  const written = await Promise.all(
    Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? house : second).audit.note(happened({ what: `entry ${i}` }), null)),
  )
  for (const id of written.filter((_, i) => i % 2 === 1)) expect(second.inside.context.notary.signedEntry(id)).toBeDefined()
  const { n, first, last, different } = await places()
  expect([first, last, different]).toEqual([1, n, n])
  await same()
  // the follower keeps what was signed on its own disk, outside the database
  const kept = readFileSync(second.inside.context.folder.path('checkpoint'), 'utf8')
  expect(readCheckpoint(kept, second.inside.context.identity.signer.publicKey)?.size).toBe(second.inside.context.notary.size)
  await expect.poll(() => readFileSync(second.anchorFile, 'utf8')).toContain(kept)
})

test('people and codes are known at both: a code spent at one is spent at the other, though its keeper never saw it', async () => {
  const alice = await house.enrolled('alice')
  const code = alice.code()
  const [one, two] = await Promise.all([
    house.keeper.ask('presence', { person: alice.id, code }),
    second.keeper.ask('presence', { person: alice.id, code }),
  ])
  expect([one.ok, two.ok].toSorted()).toEqual([false, true])
  expect(await second.keeper.ask('presence', { person: alice.id, code })).toMatchObject({ error: { code: 'factor.code_used' } })
  expect(await house.keeper.ask('presence', { person: alice.id, code })).toMatchObject({ error: { code: 'factor.code_used' } })
  const next = alice.code()
  expect((await second.keeper.ask('presence', { person: alice.id, code: next })).ok).toBe(true)
})

test('the election moves when the first is gone, and what was waiting is signed by the other; nothing is placed twice', async () => {
  await house.sequencer.stop()
  await second.audit.note(happened({ what: 'under the second' }), null)
  expect(second.sequencer.leads()).toBe(true)
  const { n, last, different } = await places()
  expect([last, different]).toEqual([n, n])
  house.sequencer = await restart()
  await house.audit.note(happened({ what: 'at the first, signed by the second' }), null)
  expect([house.sequencer.leads(), second.sequencer.leads()]).toEqual([false, true])
  await same()
})

test('a keeper signs nothing for a sequencer that was elected before, such as one that was paused meanwhile', async () => {
  const [{ epoch }] = await house.sql('select epoch::int as epoch from ledger_sequencer')
  const row = (await house.sql('select id, bytes, origin, tag from ledger_entry where place = 1'))[0]
  const before = house.inside.context.notary.note
  for (const other of [epoch - 1, epoch + 1])
    expect(await house.keeper.ask('append', ...appending(1, other, [row]))).toMatchObject({ error: { code: 'ledger.not_elected' } })
  expect(house.inside.context.notary.note).toBe(before)
})

test('many entries at once come into the ledger once and in order, at the node that sequences and at the other', async () => {
  const many = (where: string) => Array.from({ length: 40 }, (_, n) => ({ event: happened({ what: `${where} ${n}` }), by: null }))
  const noted = await Promise.all([
    house.audit.noteMany(many('here')),
    second.audit.noteMany(many('there')),
    house.audit.noteMany(many('again')),
  ])
  const rows = await house.sql('select id from ledger_entry where id = any($1) and place is not null order by place', [noted.flat()])
  const placed = rows.map((row) => row.id)
  expect(placed).toHaveLength(120)
  for (const ids of noted) expect(placed.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted())
  const leading = house.sequencer.leads() ? 0 : 1
  expect(placed.filter((id) => noted[leading]?.includes(id))).toEqual(noted[leading])
  const { n, last, different } = await places()
  expect([last, different]).toEqual([n, n])
  await same()
})

test('who was elected before inserts nothing together with its place', async () => {
  const [{ epoch }] = await house.sql('select epoch::int as epoch from ledger_sequencer')
  const before = await places()
  const entry = { id: 'ent_aaaaaaaaaa', bytes: Buffer.from('{}'), origin: 'api', tag: Buffer.alloc(32) }
  expect(await insertPlaced(house.db, epoch - 1, [entry])).toBeUndefined()
  expect(await places()).toEqual(before)
})

const restart = async () =>
  await startSequencer({
    db: house.db,
    keeper: house.keeper,
    node: 'nod_aaaaaaaaaa',
    anchorFile: join(house.database.folder, 'anchor-again'),
    log: (line) => house.alarms.push(line),
    everyMs: 50,
  })

describe('a database that lies', () => {
  test('about what was signed is not believed: a checkpoint of nobody is passed over, with an alarm', async () => {
    const size = house.inside.context.notary.size
    await house.sql('insert into ledger_checkpoint (epoch, size, note) values (7, $1, $2)', [
      size + 100,
      house.inside.context.notary.note.replace(`\n${size}\n`, `\n${size + 100}\n`),
    ])
    await second.audit.note(happened({ what: 'after the lie' }), null)
    await house.audit.note(happened({ what: 'after the lie, at the follower' }), null)
    expect(house.inside.context.divergence).toBeUndefined()
    const alarms = async () => JSON.stringify((await house.entries()).filter((e) => e.act === 'alarm.ledger'))
    await expect.poll(alarms).toContain('that no keeper signed')
    await house.sql('delete from ledger_checkpoint where epoch = 7')
    await same()
  })

  test('about entries to a keeper that follows stops that keeper, until two officers took note at either node', async () => {
    const officers = [await house.enrolled('olga', ['security']), await house.enrolled('otto', ['security'])]
    await same()
    // the follower misses a while, and is then shown other bytes than those that were signed
    await house.sequencer.stop()
    const id = await second.audit.note(happened({ what: 'the truth' }), null)
    const [{ bytes, place }] = await house.sql('select bytes, place::int as place from ledger_entry where id = $1', [id])
    await expect.poll(() => house.sql('select size from ledger_checkpoint where size >= $1', [place])).not.toEqual([])
    const change = async (to: Buffer) => {
      await house.sql('alter table ledger_entry disable trigger user')
      await house.sql('update ledger_entry set bytes = $2 where id = $1', [id, to])
      await house.sql('alter table ledger_entry enable trigger user')
    }
    await change(Buffer.from(bytes.toString().replace('the truth', 'the other')))
    expect(await house.keeper.ask('follow', {})).toMatchObject({ ok: false, error: { code: 'keeper.diverged' } })
    expect(house.inside.context.divergence).toContain('signed at another node')
    expect(await house.keeper.ask('vouch', { rows: [{ kind: 'person', id: officers[0]?.id as string }] })).toMatchObject({
      error: { code: 'keeper.diverged' },
    })
    await change(bytes)
    // the rows are right again, but that they were not is for people to judge
    expect(await house.keeper.ask('follow', {})).toMatchObject({ ok: false })

    const epoch = house.inside.context.identity.epoch
    for (const officer of officers)
      expect(await house.keeper.ask('acknowledge', { person: officer.id, code: officer.code() })).toMatchObject({ ok: true })
    expect(house.inside.context.identity.epoch).toBe(epoch + 1)
    house.sequencer = await restart()
    // the epoch is in what is signed, so the other node learns it by following
    await second.sequencer.stop()
    await house.audit.note(happened({ what: 'in the new epoch' }), null)
    await expect
      .poll(async () => {
        await second.keeper.ask('follow', {})
        return second.inside.context.identity.epoch
      })
      .toBe(epoch + 1)
    await same()
  })
})

test('a node that comes late, with an empty folder, takes over what was signed and nothing else', async () => {
  const third = await secondNode(house, { name: 'late' })
  expect(third.inside.context.notary.size).toBeGreaterThan(60)
  await third.audit.note(happened({ what: 'at the late one' }), null)
  expect(third.inside.context.notary.head('person', (await house.sql('select id from person limit 1'))[0].id)).toBeDefined()
  await third.close()
})
