import type { web } from '@claviger/api'
import { expect, test } from 'vitest'
import { goesOn, isFull, mostRows, next, nothing, pageRows, type Sql } from './state.ts'

const hear = (sql: Sql, ...messages: web.SqlHears[]): Sql => messages.reduce((now, message) => next(now, { kind: 'heard', message }), sql)
const open = hear(
  next(nothing, { kind: 'begin' }),
  { kind: 'said', message: 'This session is recorded.' },
  { kind: 'ready', server: 'PostgreSQL 18', database: 'orders', cancelBy: 'key' },
)
const run = (sql: Sql, text = 'select 1'): Sql => next(sql, { kind: 'run', sql: text, from: 0, since: 0 })
const columns: web.SqlHears = { kind: 'columns', columns: [{ name: 'a', type: 'int4' }] }
const rows = (count: number): web.SqlHears => ({ kind: 'rows', rows: Array.from({ length: count }, (_, n) => [`${n}`]) })
const idle: web.SqlHears = { kind: 'idle', transaction: 'none', ms: 12 }

test('a text with several results, an error and a notice is there in its order, and goes into the history', () => {
  const failed = { kind: 'failed' as const, message: 'no', detail: null, hint: null, code: '42703', position: 3 }
  const done = hear(
    run(open, 'select 1; select 2; nonsense'),
    ...[columns, rows(2), { kind: 'done' as const, tag: 'SELECT 2', rows: 2 }],
    { kind: 'notice', severity: 'NOTICE', message: 'look' },
    ...[columns, rows(1), { kind: 'done' as const, tag: 'SELECT 1', rows: 1 }, failed],
    { ...idle, transaction: 'failed' },
  )
  expect(done.run?.pieces.map(({ kind }) => kind)).toEqual(['result', 'notice', 'result', 'failed'])
  expect(done.run?.pieces[2]).toMatchObject({ n: 2, rows: [['0']], cutShort: false })
  expect(done).toMatchObject({ transaction: 'failed', run: { now: 'ended', ms: 12 } })
  expect(done.past).toMatchObject([{ n: 1, outcome: 'failed', rows: 3, ms: 12 }])
})

test('rows are asked for by themselves up to a page, then by a person, and never beyond what a page can show', () => {
  let now = hear(run(open), columns, rows(200), { kind: 'held' })
  expect(now.run && goesOn(now.run)).toBe(true)
  now = hear(next(now, { kind: 'asked' }), rows(pageRows - 200), { kind: 'held' })
  expect(now.run).toMatchObject({ now: 'held', asked: pageRows })
  expect(now.run && goesOn(now.run)).toBe(false)
  now = next(now, { kind: 'asked' })
  expect(now.run).toMatchObject({ now: 'running', asked: 2 * pageRows })
  now = hear(now, rows(mostRows), { kind: 'held' })
  expect(now.run && isFull(now.run)).toBe(true)
  expect(next(now, { kind: 'asked' }).run?.asked).toBe(mostRows)
})

test('a result whose rest was read past says so', () => {
  const now = hear(run(open), columns, rows(3), { kind: 'held' }, { kind: 'skipped' }, { kind: 'done', tag: 'SELECT 9', rows: 9 }, idle)
  expect(now.run?.pieces).toMatchObject([{ cutShort: true, done: { rows: 9 } }])
})

test('words in the middle of a result stand before it, and its rows stay together', () => {
  const now = hear(run(open), columns, rows(1), { kind: 'notice', severity: 'WARNING', message: 'odd' }, rows(1), idle)
  expect(now.run?.pieces).toMatchObject([{ kind: 'notice' }, { kind: 'result', rows: [['0'], ['0']] }])
})

test('what was cancelled is called so, and what was cut with its session too', () => {
  const failed = { kind: 'failed' as const, message: 'canceling statement', detail: null, hint: null, code: '57014', position: null }
  expect(hear(next(run(open), { kind: 'cancelling' }), failed, idle).past).toMatchObject([{ outcome: 'cancelled' }])
  const cut = hear(run(open), columns, { kind: 'over', status: null, signal: null, why: 'The grant has ended.' })
  expect(cut).toMatchObject({ phase: 'over', why: 'The grant has ended.', past: [{ outcome: 'cut', ms: null }] })
  expect(next(cut, { kind: 'gone', why: 'broken' }).why).toBe('The grant has ended.')
})

test('another session begins with nothing of the one before but its history', () => {
  const ended = hear(run(open), columns, { kind: 'over', status: null, signal: null, why: null })
  expect(next(ended, { kind: 'begin' })).toEqual({ ...nothing, phase: 'opening', past: ended.past, runs: 1 })
})

test('nothing grows without end: notices, words, history', () => {
  const many = Array.from({ length: 2000 }, () => ({ kind: 'notice' as const, severity: 'NOTICE', message: 'x' }))
  expect(hear(run(open), ...many).run?.pieces).toHaveLength(500)
  expect(hear(open, ...many.map(({ message }) => ({ kind: 'said' as const, message }))).said).toHaveLength(50)
  let now = open
  for (let n = 0; n < 300; n++) now = hear(run(now), idle)
  expect(now.past).toHaveLength(200)
  expect(now.past[0]?.n).toBe(300)
})
