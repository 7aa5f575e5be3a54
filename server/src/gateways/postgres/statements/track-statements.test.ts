import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answer, message, send, tracked } from './test-wire.fixture.ts'

describe('the simple protocol', () => {
  test('a query is recorded as it is sent, and ends with rows, time and tag', () => {
    const t = tracked()
    t.person(send.query('select * from orders'))
    const sure = { unsureEncoding: false, escaped: false }
    expect(t.started).toEqual([{ n: 1, via: 'simple', sql: 'select * from orders', parameters: [], ...sure }])
    t.pass(12)
    t.target(answer.row, answer.row, answer.done('SELECT 2'), answer.ready)
    expect(t.ended).toEqual([{ n: 1, durationMs: 12, rows: 2, bytes: 14, outcome: 'ok', tag: 'SELECT 2' }])
  })

  test('a text of several commands is one statement with all their rows', () => {
    const t = tracked()
    t.person(send.query('update a set x = 1; delete from b'))
    t.target(answer.done('UPDATE 3'), answer.done('DELETE 4'), answer.ready)
    expect(t.ended).toMatchObject([{ n: 1, rows: 7, tag: 'DELETE 4', outcome: 'ok' }])
  })

  test('an error and a cancel are told apart', () => {
    const t = tracked()
    t.person(send.query('select 1/0'), send.query('select pg_sleep(60)'))
    t.target(answer.error('22012', 'division by zero'), answer.ready, answer.error('57014', 'canceling statement'), answer.ready)
    expect(t.ended).toMatchObject([
      { n: 1, outcome: 'failed', sqlState: '22012', message: 'division by zero' },
      { n: 2, outcome: 'cancelled', sqlState: '57014' },
    ])
  })

  test('what runs when the session ends is cut', () => {
    const t = tracked()
    t.person(send.query('select pg_sleep(60)'))
    expect(t.tracker.busy).toBe(true)
    t.tracker.end()
    expect(t.ended).toMatchObject([{ n: 1, outcome: 'cut' }])
    expect(t.tracker.busy).toBe(false)
  })

  test('a text is recorded whole, however long it may be, and a longer one does not pass', () => {
    const t = tracked()
    const sql = `select '${'x'.repeat(2_000_000)}'; drop table a`
    t.person(send.query(sql))
    expect(t.started[0]?.sql === sql).toBe(true)
    expect(t.tracker.refusal).toBeUndefined()
    const head = send.query(' '.repeat(16 * 1024 * 1024)).subarray(0, 5)
    t.person(head)
    expect(t.tracker.refusal).toMatch(/at most 16 MiB/)
    expect(t.started).toHaveLength(1)
  })

  test('a function that is called by its number shows what it is given', () => {
    const t = tracked()
    const arguments_ = Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.from([0, 0, 0, 12]), Buffer.from('drop table a')])
    t.person(message('F', Buffer.from([0, 0, 11, 113]), Buffer.from([0, 0]), arguments_.subarray(2), Buffer.from([0, 0])))
    expect(t.started[0]).toMatchObject({ sql: 'function call 2929', parameters: ['drop table a'] })
  })
})

describe('the extended protocol', () => {
  const statement = (name: string, value: string) => [send.bind(name, value), send.execute]

  test('each Execute is a statement, with the text of its Parse and the values of its Bind', () => {
    const t = tracked()
    t.person(send.parse('s', 'select $1'), ...statement('s', 'a'), send.sync)
    t.target(answer.parsed, answer.bound, answer.row, answer.done('SELECT 1'), answer.ready)
    t.person(...statement('s', 'b'), send.sync)
    t.target(answer.bound, answer.done('SELECT 0'), answer.ready)
    expect(t.started).toMatchObject([
      { n: 1, via: 'extended', sql: 'select $1', parameters: ['a'] },
      { n: 2, via: 'extended', sql: 'select $1', parameters: ['b'] },
    ])
    expect(t.ended).toMatchObject([
      { n: 1, rows: 1, outcome: 'ok' },
      { n: 2, rows: 0, outcome: 'ok' },
    ])
  })

  test('statements sent ahead get their own rows and their own time', () => {
    const t = tracked()
    t.person(send.parse('', 'select 1'), send.bind(''), send.execute, send.bind(''), send.execute, send.sync)
    t.pass(10)
    t.target(answer.parsed, answer.bound, answer.row, answer.done('SELECT 1'))
    t.pass(5)
    t.target(answer.bound, answer.row, answer.row, answer.done('SELECT 2'), answer.ready)
    expect(t.ended).toMatchObject([
      { n: 1, rows: 1, durationMs: 10 },
      { n: 2, rows: 2, durationMs: 5 },
    ])
  })

  test('behind an error everything up to the Sync was not run, and what is behind it was', () => {
    const t = tracked()
    t.person(send.parse('', 'bad'), send.bind(''), send.execute, send.bind(''), send.execute, send.sync)
    t.person(send.parse('', 'good'), send.bind(''), send.execute, send.sync)
    t.target(answer.parsed, answer.bound, answer.error('23505'), answer.ready)
    t.target(answer.parsed, answer.bound, answer.done('INSERT 0 1'), answer.ready)
    expect(t.ended).toMatchObject([
      { n: 1, outcome: 'failed', sqlState: '23505' },
      { n: 2, outcome: 'failed', message: /not run/ },
      { n: 3, outcome: 'ok', rows: 1 },
    ])
    expect(t.started.map((s) => s.sql)).toEqual(['bad', 'bad', 'good'])
  })

  test('what is sent while the target still skips was not run either', () => {
    const t = tracked()
    t.person(send.parse('', 'select 1/0'), send.bind(''), send.execute)
    t.target(answer.parsed, answer.bound, answer.error('22012'))
    t.person(send.bind(''), send.execute, send.query('drop table a'), send.sync)
    t.target(answer.ready)
    t.person(send.query('select 2'))
    t.target(answer.done('SELECT 1'), answer.ready)
    expect(t.ended.map((e) => e.outcome)).toEqual(['failed', 'failed', 'failed', 'ok'])
  })

  test('a text that the target does not understand is recorded as a statement that failed', () => {
    const t = tracked()
    t.person(send.parse('', 'selekt 1'), send.bind(''), send.execute, send.sync)
    t.target(answer.error('42601', 'syntax error'), answer.ready)
    expect(t.ended).toContainEqual(expect.objectContaining({ outcome: 'failed', sqlState: '42601' }))
    expect(t.started.every((s) => s.sql === 'selekt 1')).toBe(true)
  })

  test('a name that was refused keeps its old meaning', () => {
    const t = tracked()
    t.person(send.parse('s', 'select 1'), send.sync)
    t.target(answer.parsed, answer.ready)
    t.person(send.parse('s', 'drop table a'), send.sync)
    t.target(answer.error('42P05'), answer.ready)
    t.person(send.bind('s'), send.execute, send.sync)
    t.target(answer.bound, answer.done('SELECT 1'), answer.ready)
    expect(t.started.at(-1)).toMatchObject({ sql: 'select 1' })
    t.person(send.close('s'), send.sync, send.bind('s'), send.execute, send.sync)
    expect(t.started.at(-1)?.sql).toMatch(/not prepared/)
  })

  test('a portal that gives its rows in parts is a statement each time', () => {
    const t = tracked()
    t.person(send.parse('', 'select 1'), send.bind(''), send.execute, send.execute, send.sync)
    t.target(answer.parsed, answer.bound, answer.row, answer.suspended, answer.row, answer.done('SELECT 1'), answer.ready)
    expect(t.ended).toMatchObject([
      { rows: 1, tag: 'PORTAL SUSPENDED' },
      { rows: 1, tag: 'SELECT 1' },
    ])
  })

  test('a Sync that the target ignored while it copied does not shift what follows', () => {
    const t = tracked()
    t.person(send.parse('', 'copy a from stdin'), send.bind(''), send.execute, send.sync)
    t.target(answer.parsed, answer.bound, answer.copyIn)
    t.person(send.copyData('1\n'), send.sync, send.copyData('2\n'), send.copyDone, send.sync)
    t.target(answer.done('COPY 2'), answer.ready)
    t.person(send.query('select 1'))
    t.target(answer.done('SELECT 1'), answer.ready)
    expect(t.ended).toMatchObject([
      { n: 1, rows: 2, bytes: 4, tag: 'COPY 2' },
      { n: 2, rows: 1 },
    ])
    expect(t.tracker.busy).toBe(false)
  })
})

describe('a batch that fails', () => {
  const insert = [send.parse('', 'insert into a values (1)'), send.bind(''), send.execute]
  const inserted = [answer.parsed, answer.bound, answer.done('INSERT 0 1')]

  test('at its Sync is told as failed: a deferred constraint takes everything back', () => {
    const t = tracked()
    t.person(...insert, ...insert, send.sync)
    t.target(...inserted, ...inserted)
    expect(t.ended).toEqual([])
    t.target(answer.error('23503', 'violates foreign key'), answer.ready)
    const takenBack = {
      outcome: 'failed',
      sqlState: '23503',
      message: 'taken back with its batch: violates foreign key',
      tag: 'INSERT 0 1',
    }
    expect(t.ended).toMatchObject([
      { n: 1, ...takenBack },
      { n: 2, ...takenBack },
    ])
  })

  test('in its middle takes back what went well before', () => {
    const t = tracked()
    t.person(...insert, send.bind(''), send.execute, send.bind(''), send.execute, send.sync)
    t.target(...inserted, answer.bound, answer.error('23505', 'duplicate key'), answer.ready)
    expect(t.ended).toMatchObject([
      { n: 1, outcome: 'failed', message: /^taken back/ },
      { n: 2, outcome: 'failed', message: 'duplicate key' },
      { n: 3, outcome: 'failed', message: /^not run/ },
    ])
  })

  test('does not take back what was lasting before: a commit, or a block that says itself what becomes of it', () => {
    const t = tracked()
    const run = (sql: string) => [send.parse('', sql), send.bind(''), send.execute]
    const ran = (tag: string) => [answer.parsed, answer.bound, answer.done(tag)]
    t.person(...run('insert'), ...run('commit'), ...run('insert'), ...run('bad'), send.sync)
    t.target(...ran('INSERT 0 1'), ...ran('COMMIT'), ...ran('INSERT 0 1'), answer.error('42601'), answer.ready)
    expect(t.ended.map((e) => e.outcome)).toEqual(['ok', 'ok', 'failed', 'failed', 'failed'])
    t.person(...run('begin'), ...run('insert'), ...run('bad'), send.sync)
    t.target(...ran('BEGIN'), ...ran('INSERT 0 1'), answer.error('42601'), message('Z', 'E'))
    expect(t.ended.slice(5).map((e) => e.outcome)).toEqual(['ok', 'ok', 'failed', 'failed'])
    t.person(...run('insert'), send.sync)
    t.target(...ran('INSERT 0 1'))
    expect(t.ended.at(-1)).toMatchObject({ n: 10, outcome: 'ok' })
  })

  test('because the session ended before its Sync is told as cut', () => {
    const t = tracked()
    t.person(...insert)
    t.target(...inserted)
    t.tracker.end()
    expect(t.ended).toMatchObject([{ n: 1, outcome: 'cut' }])
  })
})

describe('text in another encoding', () => {
  const reported = (encoding: string) => message('S', `client_encoding\0${encoding}\0`)
  const query = (hex: string) => message('Q', Buffer.from(`${hex}00`, 'hex'))

  test('is read as the session means it, as soon as the target has said so', () => {
    const t = tracked()
    t.person(send.query("set client_encoding to 'sjis'"))
    t.target(answer.done('SET'), reported('SJIS'), answer.ready)
    // drop table 顧客
    t.person(query(`64726f70207461626c6520${'8cda8b71'}`))
    expect(t.started[1]).toMatchObject({ sql: 'drop table 顧客', escaped: false, unsureEncoding: false })
    t.target(answer.error('42P01'), reported('LATIN1'), answer.ready)
    t.person(query('73656c656374202780e92f27'))
    expect(t.started[2]?.sql).toBe("select '\u0080é/'")
  })

  test.each(['MULE_INTERNAL', 'EUC_TW', 'UTF8'])('loses no byte where %s cannot be read', (encoding) => {
    const t = tracked()
    t.target(reported(encoding))
    t.person(query('64726f70207461626c6520e9ff5c'))
    expect(t.started[0]).toMatchObject({ sql: 'drop table \\xe9\\xff\\', escaped: true })
  })

  test('is the database’s where the client has none', () => {
    const t = tracked()
    t.target(message('S', 'server_encoding\0LATIN1\0'), reported('SQL_ASCII'))
    t.person(query('e9'))
    expect(t.started[0]?.sql).toBe('é')
  })

  test('is marked where what was sent before may have changed it unseen', () => {
    const t = tracked()
    const change = [send.parse('', "set client_encoding to 'sjis'"), send.bind(''), send.execute]
    t.person(...change, send.parse('', 'select 1'), send.bind(''), send.execute)
    t.person(send.parse('', 'drop table é'), send.bind(''), send.execute, send.sync)
    expect(t.started.map((s) => s.unsureEncoding)).toEqual([false, false, true])
    t.target(answer.parsed, answer.bound, answer.done('SET'), answer.error('42601'), answer.ready)
    t.person(send.query('drop table é'))
    expect(t.started.at(-1)).toMatchObject({ sql: 'drop table é', unsureEncoding: false })
  })

  test.each([
    ['an accent', 'é', 'é'],
    ['more characters than the server keeps', `${'a'.repeat(63)}b`, `${'a'.repeat(63)}c`],
  ])('cannot give a statement a second name: one with %s does not pass', (_what, first, second) => {
    const t = tracked()
    t.person(send.parse(first, 'drop table orders'))
    expect(t.tracker.refusal).toMatch(/63 characters of ASCII/)
    const other = tracked()
    other.person(send.bind(second))
    expect(other.tracker.refusal).toMatch(/63 characters of ASCII/)
    expect(other.started).toEqual([])
  })
})

test('a long text that is prepared once and runs often is given once, and referred to', () => {
  const t = tracked()
  t.person(send.parse('s', `select 1 /* ${'x'.repeat(5000)} */`))
  for (const value of ['a', 'b'.repeat(5000)]) t.person(send.bind('s', value), send.execute)
  t.person(send.execute, send.sync)
  expect(t.started.map((s) => s.again)).toEqual([
    undefined,
    { of: 1, text: true, parameters: false },
    { of: 2, text: true, parameters: true },
  ])
})

test('a client that sends ahead without end is held back, and let go on when half is answered', () => {
  const t = tracked()
  for (let i = 0; i < 10_001; i++) t.person(send.sync)
  expect(t.tracker.crowded).toBe(true)
  for (let i = 0; i < 5_000; i++) t.target(answer.ready)
  expect(t.tracker.crowded).toBe(true)
  t.target(answer.ready)
  expect(t.tracker.crowded).toBe(false)
})

test('a client that prepares without end is noticed before memory is', () => {
  const t = tracked()
  for (let i = 0; i < 70; i++) t.person(send.parse(`s${i}`, 'x'.repeat(1_000_000)))
  expect(t.tracker.overflowing).toBe(true)
})

describe('whatever the two sides say', () => {
  const ofPerson = fc.constantFrom(
    ...[send.query('a'), send.parse('', 'b'), send.parse('s', 'c'), send.bind(''), send.bind('s', 'v', null), send.describe, send.execute],
    ...[
      send.close('s'),
      send.sync,
      send.copyData('x'),
      send.copyDone,
      message('f', 'no\0'),
      message('F', 'xxxx'),
      message('H'),
      message('X'),
    ],
  )
  const ofTarget = fc.constantFrom(
    ...[answer.parsed, answer.bound, answer.closed, answer.noData, answer.row, answer.done('SELECT 1'), answer.suspended, answer.copyIn],
    ...[
      answer.ready,
      answer.error('22012'),
      answer.error('57014'),
      message('Z', 'T'),
      message('I'),
      message('V', 'x'),
      message('t', '\0\0'),
    ],
  )
  const step = fc.oneof(
    ofPerson.map((bytes) => ({ from: 'person' as const, bytes })),
    ofTarget.map((bytes) => ({ from: 'target' as const, bytes })),
  )

  test('each statement begins once, in order, and ends once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const t = tracked()
        for (const { from, bytes } of steps) t[from](bytes)
        t.tracker.end()
        expect(t.started.map((s) => s.n)).toEqual(t.started.map((_, i) => i + 1))
        expect(t.ended.map((e) => e.n).sort((a, b) => a - b)).toEqual(t.started.map((s) => s.n))
      }),
      { numRuns: 500 },
    )
  })

  test('a ReadyForQuery for each Sync brings both sides to the same step again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const t = tracked()
        for (const { from, bytes } of steps) t[from](bytes)
        t.person(send.copyDone)
        for (let i = 0; i <= steps.length; i++) t.target(answer.ready)
        t.person(send.sync)
        t.target(answer.ready)
        t.person(send.query('the next one'))
        t.target(answer.row, answer.done('SELECT 1'), answer.ready)
        expect(t.started.at(-1)).toMatchObject({ sql: 'the next one' })
        expect(t.ended.at(-1)).toMatchObject({ n: t.started.at(-1)?.n, outcome: 'ok', rows: 1 })
      }),
      { numRuns: 500 },
    )
  })
})
