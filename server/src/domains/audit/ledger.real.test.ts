import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyLedger } from '../../../../cli/src/verify/index.ts'
import { connectKeeper } from '../../keeper/client.ts'
import { fail, ok } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { type House, must, openHouse } from '../identity/test/house.ts'
import { exportLedger } from './export-ledger.ts'
import { type Audit, auditEvent, createActs, NotSequenced, startSequencer } from './index.ts'
import { givePlaces } from './ledger.store.ts'
import { checkpointOver } from './newest-checkpoint.ts'
import { appending } from './sequencer.ts'

let house: House
let audit: Audit
beforeAll(async () => {
  house = await openHouse()
  audit = house.audit
})
const sequencers: { stop(): Promise<void> }[] = []
afterAll(async () => {
  for (const one of sequencers) await one.stop()
  await house?.close()
})

const happened = auditEvent('test.happened', { what: 'shown', who: 'personal' })
const event = (what: string, who = 'alice') => happened({ what, who })
const insertPerson = (name: string) =>
  `insert into person (id, name, display_name, revision, mac) values ('${newId('per')}', '${name}', 'x', 1, 'x')`
const personNamed = (name: string) => house.sql('select id from person where name = $1', [name])
const entriesAbout = async (what: string) => (await house.entries()).filter((e) => e.fields?.what === what)
/** The ledger as somebody takes it away, and what is said outside about it. */
const exported = async () => {
  const newest = await checkpointOver(house.db, house.inside.context.notary.size - 1)
  const status = must(await house.keeper.ask('status', {}))
  const lines: string[] = []
  for await (const line of exportLedger(house.db, { ...newest, verifierKey: status.verifierKey })) lines.push(line.trimEnd())
  return { lines, outside: { checkpoint: newest.note, verifierKey: status.verifierKey } }
}

describe('an act', () => {
  test('is in the ledger, under a signed checkpoint, before it is answered', async () => {
    const id = must(await audit.act({ act: 'test.do', by: null }, async ({ record }) => ok(await record(event('done')))))
    const [row] = await house.sql('select place from ledger_entry where id = $1', [id])
    expect(house.inside.context.notary.size).toBeGreaterThanOrEqual(row.place)
    expect(house.inside.context.notary.signedEntry(id)).toMatchObject({ act: 'test.happened', phase: 'done' })
  })

  test('that is refused leaves nothing behind but its refusal', async () => {
    const refused = await audit.act({ act: 'test.refuse', by: null, about: { request: 'req_aaaaaaaaaa' } }, async ({ tx, record }) => {
      await record(event('never'))
      await tx
        .insertInto('person')
        .values({
          id: newId('per'),
          name: 'never',
          display_name: 'x',
          groups: [],
          state: 'invited',
          revision: 1,
          mac: Buffer.from('x'),
        } as never)
        .execute()
      return fail({ code: 'test.no' })
    })
    expect(refused).toEqual({ ok: false, error: { code: 'test.no' } })
    expect(await personNamed('never')).toEqual([])
    expect(await entriesAbout('never')).toEqual([])
    expect((await house.entries()).filter((e) => e.act === 'test.refuse')).toMatchObject([
      { phase: 'refused', fields: { request: 'req_aaaaaaaaaa', code: 'test.no' } },
    ])
  })

  test('that fails leaves nothing behind at all', async () => {
    const failing = audit.act({ act: 'test.fail', by: null }, async ({ record }) => {
      await record(event('broken'))
      throw new Error('a bug')
    })
    await expect(failing).rejects.toThrow('a bug')
    expect(await entriesAbout('broken')).toEqual([])
    expect((await house.entries()).filter((e) => e.act === 'test.fail')).toEqual([])
  })

  test('hands nothing out when the ledger cannot say that it has it', async () => {
    const away = await connectKeeper({ path: join(house.database.folder, 'keeper.sock'), role: 'api', token: 'b' })
    const acts = createActs({ db: house.db, keeper: away, now: house.clock.now })
    await away.close()
    await expect(acts.act({ act: 'test.do', by: null }, async ({ record }) => ok(await record(event('unheard'))))).rejects.toBeInstanceOf(
      NotSequenced,
    )
    await expect(acts.note(event('unheard'), null)).rejects.toBeInstanceOf(NotSequenced)
    // what releases nothing does not wait
    await acts.noteLater(event('unheard'), null)
  })
})

describe('the sequencer', () => {
  test('gives a place to what was committed late, behind what overtook it', async () => {
    const slow = new pg.Client(house.database.connection('server'))
    await slow.connect()
    const late = newId('ent')
    await slow.query('begin')
    await slow.query("insert into ledger_entry (id, bytes, origin, tag) values ($1, $2, 'api', 'x')", [
      late,
      Buffer.from(`{"id":"${late}"}`),
    ])
    const quick = await audit.note(event('quick'), null)
    await slow.query('commit')
    await slow.end()
    await audit.note(event('after'), null)
    const rows = await house.sql('select id, place from ledger_entry where id = any($1) order by place', [[late, quick]])
    expect(rows.map((r) => r.id)).toEqual([quick, late])
  })

  test('gives each place once, without a gap, however many act at once', async () => {
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        audit.act({ act: 'test.many', by: null }, async ({ record }) => ok(await record(event(`many ${i}`)))),
      ),
    )
    const [{ n, last, first }] = (await house.sql(
      'select count(*)::int as n, max(place)::int as last, min(place)::int as first from ledger_entry where place is not null',
    )) as [{ n: number; last: number; first: number }]
    expect([first, last]).toEqual([1, n])
  })

  test('waits while another one is there, takes over when that one is silent, and gives it back', async () => {
    const [{ epoch }] = (await house.sql('select epoch from ledger_sequencer')) as [{ epoch: number }]
    const other = await startSequencer({
      db: house.db,
      keeper: house.keeper,
      node: 'nod_bbbbbbbbbb',
      anchorFile: join(house.database.folder, 'anchor-2'),
      log: () => undefined,
      everyMs: 50,
    })
    sequencers.push(other)
    await audit.note(event('under the first'), null)
    expect([house.sequencer.leads(), other.leads()]).toEqual([true, false])

    // as if the first had been paused: the other finds it silent
    await expect
      .poll(async () => {
        await house.sql("update ledger_sequencer set beat_at = '-infinity' where epoch = $1", [epoch])
        return other.leads()
      })
      .toBe(true)
    expect(await givePlaces(house.db, epoch, 10)).toBeUndefined()
    await audit.note(event('under the other'), null)
    await expect.poll(() => house.sequencer.leads()).toBe(false)
    expect(await house.keeper.ask('append', ...appending(1, epoch, [await anyEntry()]))).toMatchObject({
      error: { code: 'ledger.not_elected' },
    })
    const [args] = appending(1, epoch, [await anyEntry()])
    for (const wrong of [
      { ...args, ids: `${args.ids} ent_aaaaaaaaaa` },
      { ...args, origins: [] },
      { ...args, tags: [31] },
    ])
      expect(await house.keeper.ask('append', wrong, appending(1, epoch, [await anyEntry()])[1])).toMatchObject({
        error: { code: 'keeper.malformed' },
      })

    await other.stop()
    await expect.poll(() => house.sequencer.leads()).toBe(true)
    await audit.note(event('under the first again'), null)
  })
  const anyEntry = async () => {
    const [row] = await house.sql('select id, bytes, origin, tag from ledger_entry where place = 1')
    return row
  }
})

describe('an entry', () => {
  test.each([
    ['is never changed', "update ledger_entry set bytes = 'xx' where place = 1", 'never changed'],
    ['keeps its place', 'update ledger_entry set place = 1000000 where place = 1', 'never changed'],
    ['is never deleted', 'delete from ledger_entry where place = 1', 'never deleted'],
    [
      'is no longer than the keeper reads',
      `insert into ledger_entry (id, bytes, origin, tag) values ('${newId('ent')}', repeat('x', 65537)::bytea, 'api', 'x')`,
      'ledger_entry_is_bounded',
    ],
    [
      'has an id that the keeper reads',
      "insert into ledger_entry (id, bytes, origin, tag) values ('x', 'xx', 'api', 'x')",
      'ledger_entry_is_readable',
    ],
  ])('%s, also for the owner of the table', async (_what, statement, says) => {
    await expect(house.sql(statement)).rejects.toThrow(says)
  })

  test.each(['server', 'gateway', 'keeper'] as const)(
    'is given no other place than the next one, and no time, by the %s that writes it',
    async (role) => {
      const client = new pg.Client(house.database.connection(role))
      await client.connect()
      const insert = (column: string, value: string) =>
        client.query(`insert into ledger_entry (id, bytes, origin, tag, ${column}) values ('${newId('ent')}', 'xx', 'api', 'x', ${value})`)
      await expect(insert('place', '1000000')).rejects.toThrow(role === 'server' ? 'the next place or none' : 'permission denied')
      await expect(insert('at', "'2020-01-01'")).rejects.toThrow('permission denied')
      await expect(client.query("update ledger_entry set bytes = 'xx'")).rejects.toThrow('permission denied')
      await expect(client.query('delete from ledger_entry')).rejects.toThrow('permission denied')
      await client.end()
    },
  )

  test('that no process of ours wrote is named, and the log goes on', async () => {
    const id = newId('ent')
    await house.sql("insert into ledger_entry (id, bytes, origin, tag) values ($1, $2, 'api', 'x')", [id, Buffer.from(`{"id":"${id}"}`)])
    await audit.note(event('after the forged one'), null)
    await expect.poll(async () => (await house.entries()).some((e) => e.act === 'alarm.ledger' && e.fields.subject === id)).toBe(true)
  })
})

describe('what is taken away', () => {
  test('verifies without the server, against a checkpoint that was kept outside', async () => {
    await audit.note(event('to be taken away'), null)
    const { lines, outside } = await exported()
    expect(await verifyLedger(lines, outside)).toMatchObject({
      ok: true,
      anchored: true,
      findings: [],
      erased: 0,
      size: lines.filter((l) => l.includes('"place"')).length,
    })
  })

  test('still verifies when a person was erased, and says nothing of them any more', async () => {
    await audit.note(event('a visit', 'Margarete Musterfrau'), null)
    expect((await exported()).lines.join()).toContain('Margarete Musterfrau')
    await house.sql("delete from ledger_personal where value = 'Margarete Musterfrau'")
    const { lines, outside } = await exported()
    expect(lines.join()).not.toContain('Margarete')
    expect(Buffer.from(lines.join()).toString('latin1')).not.toContain(Buffer.from('Margarete').toString('base64').slice(0, 10))
    expect(await verifyLedger(lines, outside)).toMatchObject({ ok: true, erased: 1 })
  })

  test('says which value beside the log was changed', async () => {
    const id = await audit.note(event('a second visit', 'Erika'), null)
    await house.sql("update ledger_personal set value = 'Max' where entry_id = $1", [id])
    const { lines, outside } = await exported()
    expect(await verifyLedger(lines, outside)).toMatchObject({ ok: false, findings: [{ code: 'personal.changed', entry: id }] })
    await house.sql("update ledger_personal set value = 'Erika' where entry_id = $1", [id])
  })

  test('says which entry the database’s superuser changed, and which is gone', async () => {
    const id = await audit.note(event('what really happened'), null)
    const [{ place }] = (await house.sql('select place::int from ledger_entry where id = $1', [id])) as [{ place: number }]
    await audit.note(event('what came later'), null)
    const { outside } = await exported()
    await house.sql('alter table ledger_entry disable trigger user')
    const [{ bytes }] = (await house.sql('select bytes from ledger_entry where id = $1', [id])) as [{ bytes: Buffer }]
    await house.sql('update ledger_entry set bytes = $2 where id = $1', [
      id,
      Buffer.from(bytes.toString().replace('what really happened', 'what never happened!')),
    ])
    const changed = await verifyLedger((await exported()).lines, outside)
    expect(changed).toMatchObject({ ok: false, findings: [{ places: [place, place] }] })
    await house.sql('update ledger_entry set bytes = $2 where id = $1', [id, bytes])
    const [entry] = await house.sql('select to_jsonb(e) as row from ledger_entry e where id = $1', [id])
    const beside = await house.sql('select to_jsonb(p) as row from ledger_personal p where entry_id = $1', [id])
    await house.sql('delete from ledger_personal where entry_id = $1', [id])
    await house.sql('delete from ledger_entry where id = $1', [id])
    const gone = await verifyLedger((await exported()).lines, outside)
    expect(gone.findings.map((f) => f.code)).toContain('entry.missing')
    await house.sql('insert into ledger_entry select * from jsonb_populate_record(null::ledger_entry, $1)', [entry.row])
    for (const { row } of beside)
      await house.sql('insert into ledger_personal select * from jsonb_populate_record(null::ledger_personal, $1)', [row])
    await house.sql('alter table ledger_entry enable trigger user')
    expect(await verifyLedger((await exported()).lines, outside)).toMatchObject({ ok: true })
  })
})

test('no personal value stands in an entry, only what it was committed to', async () => {
  await audit.note(event('a commitment', 'Rumpelstilzchen'), null)
  const rows = await house.sql('select bytes from ledger_entry')
  expect(rows.some((r) => r.bytes.includes('Rumpelstilzchen'))).toBe(false)
})

test('an insert that breaks does not leave half a person', async () => {
  await expect(house.sql(`${insertPerson('twice')}; ${insertPerson('twice')}`)).rejects.toThrow('person_name_is_unique')
  expect(await personNamed('twice')).toEqual([])
})
