import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ResultPart, StatementEnd, StatementStart } from '../../gateways/contract.ts'
import { systemClock } from '../../kernel/clock.ts'
import { Secret } from '../../kernel/secret.ts'
import { bytesInMemory, decodeContent } from '../../protocols/recording/index.ts'
import { maskingRecorder } from './cards/masking-recorder.ts'
import { statementsAsJsonLines, statementsAsText } from './export-statements.ts'
import { type RecordedStatement, statementList, statementsIn } from './recorded-statements.ts'
import { readRecording } from './recording-reader.ts'
import { RecordingWriter } from './recording-writer.ts'

const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
const facts = { recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', columns: 80, rows: 24, keys: { viewers: 'v:1', officers: 'o:1' } }
let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'statements-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function begin(clock = systemClock) {
  const path = join(folder, `${count++}.clvr`)
  const writer = new RecordingWriter({ path, facts, keys, clock, terminal: false, kind: 'sql', flushEvery: 5 })
  const started = await writer.start()
  if (!started.ok) throw new Error(started.error.code)
  return { path, writer }
}
const open = async (path: string) => {
  const reader = await readRecording(bytesInMemory(await readFile(path)), keys)
  if (!reader.ok) throw new Error(reader.error.code)
  return reader.value
}
async function all<T>(lines: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const line of lines) list.push(line)
  return list
}
const statements = async (path: string): Promise<RecordedStatement[]> => await all(statementList(await open(path)))
const start = (n: number, sql: string, over: Partial<StatementStart> = {}): StatementStart => ({
  ...{ n, via: 'extended', sql, parameters: [], unsureEncoding: false, escaped: false },
  ...over,
})
const done = (n: number, over: Partial<StatementEnd> = {}): StatementEnd => ({
  ...{ n, durationMs: 1.5, rows: 1, bytes: 30, outcome: 'ok', tag: 'SELECT 1' },
  ...over,
})

describe('the recording of an SQL session', () => {
  test('lists its statements with parameters, duration, rows and outcome', async () => {
    const { path, writer } = await begin()
    writer.statementStarted(start(1, 'select * from orders where name = $1 and id = $2', { parameters: ["O'Neil", null] }))
    writer.statementEnded(done(1))
    writer.statementStarted(start(2, "select 'a' form t", { via: 'simple' }))
    writer.statementEnded(done(2, { rows: null, outcome: 'failed', sqlState: '42601', message: 'syntax error at or near "t"' }))
    const manifest = await writer.close()
    expect(manifest.counts.statements).toBe(2)
    expect(await statements(path)).toMatchObject([
      {
        n: 1,
        via: 'extended',
        parameters: ["O'Neil", null],
        outcome: 'ok',
        durationMs: 1.5,
        rows: 1,
        bytes: 30,
        tag: 'SELECT 1',
        masked: false,
      },
      {
        n: 2,
        via: 'simple',
        sql: "select '[masked]' form t",
        outcome: 'failed',
        sqlState: '42601',
        message: 'syntax error at or near "[masked]"',
      },
    ])
    const reader = await open(path)
    await all(reader.frames())
    expect(reader.verdict?.state).toBe('intact')
    expect(reader.facts.kind).toBe('sql')
  })

  test('holds a statement as soon as it has started: a gateway that is killed leaves a trace of it', async () => {
    const { path, writer } = await begin()
    writer.statementStarted(start(1, "delete from orders where note = 'x'"))
    await expect
      .poll(() => statements(path))
      .toMatchObject([{ sql: "delete from orders where note = 'x'", outcome: 'open', durationMs: null }])
    await writer.close()
  })

  test('keeps the order in which statements went out, though masking takes one longer than another', async () => {
    const { path, writer } = await begin()
    for (let n = 1; n <= 200; n++) {
      writer.statementStarted(start(n, n % 3 === 0 ? `select ${n} as plain` : `select 'literal ${n}', '${'x'.repeat(n * 10)}'`))
      writer.statementEnded(done(n))
    }
    await writer.close()
    const list = await statements(path)
    expect(list.map((s) => s.n)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
    expect(list.every((s) => s.outcome === 'ok' && !s.masked)).toBe(true)
    expect(list.every((s, i) => i === 0 || s.at >= (list[i - 1] as RecordedStatement).at)).toBe(true)
  })

  test('says when each began, however long it takes until it is written down', async () => {
    let ms = 0
    const { path, writer } = await begin({ now: systemClock.now, monotonic: () => ms++ * 10 })
    const begun: number[] = []
    for (let n = 1; n <= 5; n++) {
      begun.push(ms / 100)
      writer.statementStarted(start(n, `select ${n} as plain`))
      writer.statementEnded(done(n))
    }
    await writer.close()
    expect((await statements(path)).map((s) => s.seconds)).toEqual(begun)
  })

  test('keeps all of what is long, so that nothing can hide behind padding', async () => {
    const { path, writer } = await begin()
    const padded = `select /* ${'é'.repeat(2_000_000)} */ 1; drop table orders`
    const values = [`${' '.repeat(100_000)}drop table orders`, null, ...Array.from({ length: 2000 }, () => 'v')]
    writer.statementStarted(start(1, padded, { parameters: values }))
    writer.statementEnded(done(1))
    writer.statementStarted(start(2, 'select 2'))
    await writer.close()
    const [one, two] = await statements(path)
    expect(one).toMatchObject({ truncated: false, shortened: false, masked: false, outcome: 'ok' })
    expect(one?.sql === padded).toBe(true)
    expect(one?.parameters).toEqual(values)
    expect(two?.sql).toBe('select 2')
    const [brief] = await all(statementList(await open(path), 1000))
    expect(brief).toMatchObject({ shortened: true, truncated: false, length: one?.length, outcome: 'ok' })
    expect(brief?.sql.length).toBeLessThan(1000)
  })

  test('says of a statement that did not come to the disk whole that it is cut', async () => {
    const { path, writer } = await begin()
    writer.statementStarted(start(1, `select 1 /* ${'x'.repeat(700_000)} */`))
    await writer.close()
    const bytes = await readFile(path)
    // the chunks that hold the end of it are gone, as after a kill
    const reader = await readRecording(bytesInMemory(bytes.subarray(0, bytes.lastIndexOf('CLVC', bytes.lastIndexOf('CLVC') - 1))), keys)
    if (!reader.ok) throw new Error(reader.error.code)
    const [one] = await all(statementList(reader.value))
    expect(one).toMatchObject({ truncated: true, outcome: 'open' })
    expect(one?.sql.length).toBeGreaterThan(100_000)
  })

  test('masks a password beyond any length, and shows what a long body executes', async () => {
    const { path, writer } = await begin()
    const padding = `/* ${'x'.repeat(400_000)} */`
    writer.statementStarted(start(1, `${padding} alter role bob password 'hunter2'`))
    writer.statementStarted(start(2, `do $$ begin ${padding} drop table orders; perform 'hunter2'; end $$`))
    writer.statementStarted(start(3, 'select $1', { parameters: [`${'x'.repeat(200_000)} host=h password=hunter2`] }))
    writer.statementStarted(start(4, `select 1 ${padding}`, { parameters: ['plain'] }))
    await writer.close()
    const list = await statements(path)
    expect(JSON.stringify(list)).not.toContain('hunter2')
    expect(list.map((s) => s.masked)).toEqual([true, true, true, false])
    expect(list[1]?.sql).toContain('drop table orders')
    expect(list[3]?.parameters).toEqual(['plain'])
  })

  test('shows what was masked to who holds the key of the officers, and to nobody else', async () => {
    const { path, writer } = await begin()
    const sql = `select dblink('drop table orders') /* ${'x'.repeat(100_000)} */`
    writer.statementStarted(start(1, sql, { parameters: ['a', null] }))
    await writer.close()
    const [one] = await statements(path)
    expect(one?.masked).toBe(true)
    expect(one?.sql).not.toContain('drop')
    const pieces = (await all((await open(path)).frames())).filter((frame) => frame.kind === 'unmasked')
    expect(decodeContent(Buffer.concat(pieces.map((p) => p.bytes)))).toEqual({ sql, parameters: ['a', null], whole: true })
    const viewer = await readRecording(bytesInMemory(await readFile(path)), { viewers: keys.viewers })
    if (!viewer.ok) throw new Error(viewer.error.code)
    expect((await all(viewer.value.frames())).map((frame) => frame.kind)).not.toContain('unmasked')
  })

  test('refers to a long text that runs again instead of keeping it again', async () => {
    const { path, writer } = await begin()
    const sql = `select $1 /* ${'x'.repeat(50_000)} */`
    writer.statementStarted(start(1, sql, { parameters: ['first'] }))
    writer.statementStarted(start(2, sql, { parameters: ['second'], again: { of: 1, text: true, parameters: false } }))
    writer.statementStarted(start(3, sql, { parameters: ['second'], again: { of: 2, text: true, parameters: true } }))
    await writer.close()
    const [one, two, three] = await statements(path)
    expect(one).toMatchObject({ sql, sameTextAs: null })
    expect(two).toMatchObject({ sameTextAs: 1, sameParametersAs: null, parameters: ['second'] })
    expect(sql.startsWith(two?.sql ?? '-') && (two?.sql.length ?? 0) < 300).toBe(true)
    expect(three).toMatchObject({ sameTextAs: 2, sameParametersAs: 2, parameters: [] })
  })

  test('has the injected credential nowhere', async () => {
    const { path, writer } = await begin()
    const credential = 'inj3cted-by-us'
    await writer.scrub(Secret.fromText(credential))
    writer.statementStarted(start(1, `select ${credential} from t`, { parameters: [`x ${credential} y`] }))
    writer.statementEnded(done(1, { outcome: 'failed', message: `no ${credential} here` }))
    await writer.close()
    expect(JSON.stringify(await statements(path))).not.toContain(credential)
  })

  test('masks parameters of what touches a password, and values that are secrets by their shape', async () => {
    const { path, writer } = await begin()
    writer.statementStarted(start(1, 'update users set password = $1 where id = $2', { parameters: ['hunter2', '7'] }))
    writer.statementStarted(start(2, 'select $1, $2', { parameters: ['postgres://bob:hunter2@h/db', 'plain'] }))
    writer.statementStarted(start(3, 'select $1', { parameters: ['SCRAM-SHA-256$4096:abc$def:ghi'] }))
    await writer.close()
    const list = await statements(path)
    expect(list.map((s) => s.parameters)).toEqual([['[masked]', '[masked]'], ['[masked]', 'plain'], ['[masked]']])
    expect(list.every((s) => s.masked)).toBe(true)
  })

  test('never opens to a planted password, by whichever statement it came', async () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!#%]{12,20}$/)
    const shape = fc.constantFrom<(s: string) => StatementStart>(
      (s) => start(1, `alter role bob password '${s}'`),
      (s) => start(1, `alter role bob pasword '${s}'`),
      (s) => start(1, `create user mapping for b server s options (password '${s}')`),
      (s) => start(1, `/* ${'x'.repeat(300_000)} */ alter role bob password '${s}`),
      (s) => start(1, 'insert into u (passwd) values ($1)', { parameters: [s] }),
      (s) => start(1, `do $$ begin execute 'alter role x password ''${s}'''; end $$`),
      (s) => start(1, s),
    )
    await fc.assert(
      fc.asyncProperty(secret, shape, async (planted, statement) => {
        const { path, writer } = await begin()
        writer.statementStarted(statement(planted))
        writer.statementEnded(done(1, { outcome: 'failed', message: `syntax error at or near "${planted}"` }))
        await writer.close()
        const reader = await open(path)
        expect(
          JSON.stringify(await all(reader.frames()), (_, v) => (v instanceof Uint8Array ? Buffer.from(v).toString() : v)),
        ).not.toContain(planted)
      }),
      { numRuns: 60 },
    )
  })

  test('is exported as JSON lines and as text', async () => {
    const { path, writer } = await begin()
    writer.statementStarted(start(1, 'select\n  $1', { parameters: ['a'] }))
    writer.statementEnded(done(1))
    writer.statementStarted(start(2, 'select pg_sleep(9)'))
    writer.statementEnded(done(2, { outcome: 'cancelled', rows: null, sqlState: '57014', message: 'canceling statement' }))
    writer.statementStarted(start(3, 'select 3'))
    await writer.close()
    const lines = (await all(statementsAsJsonLines(await open(path)))).map((l) => JSON.parse(l))
    expect(lines.map((l) => [l.n, l.outcome])).toEqual([
      [1, 'ok'],
      [2, 'cancelled'],
      [3, 'open'],
    ])
    const text = (await all(statementsAsText(await open(path)))).join('')
    expect(text).toMatch(/#1 {2}select \$1\n {4}with \$1 = 'a'\n {4}SELECT 1, 1\.5 ms, 1 rows, 30 bytes\n/)
    expect(text).toMatch(/cancelled, 1\.5 ms, 57014, canceling statement/)
    expect(text).toMatch(/no end was recorded\n$/)
  })
})

describe('results that are kept', () => {
  const gives = (writer: RecordingWriter, n: number, ...parts: (ResultPart | undefined)[]) => {
    for (const part of parts) writer.resultPassed(n, () => part)
  }
  const columns = (...names: string[]): ResultPart => ({ columns: names.map((name) => ({ name, type: 'text' })) })
  const row = (...values: (string | null)[]): ResultPart => ({ row: values })
  const ran = (writer: RecordingWriter, n: number, sql: string, ...parts: (ResultPart | undefined)[]) => {
    writer.statementStarted(start(n, sql))
    gives(writer, n, ...parts)
    writer.statementEnded(done(n))
  }

  test('stand with their statement, in the list and in the exports', async () => {
    const { path, writer } = await begin()
    ran(
      writer,
      1,
      'select id, name from people; select 1',
      columns('id', 'name'),
      row('1', 'Ünal\n'),
      row('2', null),
      columns('?'),
      row('1'),
    )
    ran(writer, 2, 'select 2')
    await writer.close()
    const [first, second] = await statements(path)
    const results = {
      kept: 3,
      sets: [
        {
          columns: [
            { name: 'id', type: 'text' },
            { name: 'name', type: 'text' },
          ],
          rows: [
            ['1', 'Ünal\n'],
            ['2', null],
          ],
        },
        { columns: [{ name: '?', type: 'text' }], rows: [['1']] },
      ],
    }
    expect(first?.results).toEqual(results)
    expect(second).not.toHaveProperty('results')
    const lines = await all(statementsAsJsonLines(await open(path)))
    expect(lines.map((line) => JSON.parse(line)).find((line) => line.n === 1)?.results).toEqual(results)
    const text = (await all(statementsAsText(await open(path)))).join('')
    expect(text).toContain(
      "    the first 3 rows that it gave back:\n      id | name\n      '1' | 'Ünal'\n      '2' | null\n      ?\n      '1'\n",
    )
  })

  test('are given as far as a page has room for them, and it says how many there are', async () => {
    const { path, writer } = await begin()
    ran(writer, 1, 'select 1', columns('a'), ...Array.from({ length: 50 }, (_, i) => row(`${i}`.repeat(100))))
    await writer.close()
    const reader = await open(path)
    const [one] = await all(statementsIn(reader.frames(), reader.startedAt, 1000, 1000))
    expect(one?.results?.kept).toBe(50)
    expect(one?.results?.sets[0]?.rows.length).toBeLessThan(10)
  })

  test('never have a secret: of a statement in which one may stand nothing, of a column that is named like one no value, nor the injected credential', async () => {
    const { path, writer } = await begin()
    await writer.scrub(Secret.fromText('the-injected-1'))
    ran(writer, 1, 'select passwd from pg_shadow', columns('passwd'), row('secret-1'))
    ran(writer, 2, 'select * from users', columns('name', 'api_key'), row('Ada', 'secret-2'), row('Bob', null))
    ran(writer, 3, 'select v from settings', columns('v'), row('host=db password=secret-3'), row('it was the-injected-1 then'))
    await writer.close()
    const [first, second, third] = await statements(path)
    expect(first).not.toHaveProperty('results')
    expect(second?.results?.sets[0]?.rows).toEqual([
      ['Ada', '[masked]'],
      ['Bob', null],
    ])
    const [connection, injected] = third?.results?.sets[0]?.rows ?? []
    expect(connection).toEqual(['[masked]'])
    expect(injected?.[0]).toMatch(/^it was \*+ then$/)
    expect((await all(statementsAsText(await open(path)))).join('')).not.toMatch(/secret-\d|the-injected-1/)
  })

  test('end before the first row that could not be kept, so that they are the first ones', async () => {
    const { path, writer } = await begin()
    ran(writer, 1, 'select 1', columns('a'), row('1'), undefined, row('3'), columns('b'), row('4'))
    ran(writer, 2, 'select 2', columns('a'), row('1'), row('x'.repeat(70_000)), row('3'))
    ran(writer, 3, 'select 3', columns('a'), row('1', 'one too many'), row('3'))
    ran(writer, 4, 'select 4', row('without columns'))
    ran(writer, 5, 'select 5', columns('a'), row('1'), row('2'))
    await writer.close()
    expect((await statements(path)).map((s) => s.results?.kept ?? 0)).toEqual([1, 1, 0, 0, 2])
  })

  test('are none of a recording that is to have no card numbers, whoever tells it', async () => {
    const { path, writer } = await begin()
    const recorder = maskingRecorder(writer)
    recorder.statementStarted(start(1, 'select card from payments'))
    recorder.resultPassed(1, () => columns('card'))
    recorder.resultPassed(1, () => row('4111111111111111'))
    recorder.statementEnded(done(1))
    await writer.close()
    const [one] = await statements(path)
    expect(one).toMatchObject({ n: 1, outcome: 'ok' })
    expect(one).not.toHaveProperty('results')
  })
})
