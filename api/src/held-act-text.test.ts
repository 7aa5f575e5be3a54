import { expect, test } from 'vitest'
import { heldActText, heldActValues } from './held-act-text.ts'

const run = (command: string) => heldActText({ action: 'run', command })

test.each([
  ['plain text, and its lines', 'select 1\nfrom x', 'select 1\nfrom x'],
  ['what moves the cursor', 'id\r\u001b[2Krm -rf /', 'id\\u{d}\\u{1b}[2Krm -rf /'],
  ['what turns the direction', 'a\u202eb', 'a\\u{202e}b'],
  ['what takes no room', 'a\u200bb\u2028c', 'a\\u{200b}b\\u{2028}c'],
  ['letters of any language', 'größe 日本 😀', 'größe 日本 😀'],
])('%s', (_what, text, seen) => {
  expect(run(text)).toBe(seen)
})

test('of a transfer it says how much a yes is good for', () => {
  const file = { action: 'transfer', op: 'put', direction: 'up', path: '/srv/x', bytes: 0, until: 1001 } as const
  expect(heldActText(file)).toBe('write to /srv/x, fewer than 1001 bytes')
  expect(heldActText({ ...file, op: 'get', bytes: 2000, until: null })).toBe('fetch /srv/x, of 2000 bytes or more')
  // a path of the person's machine is none of the target's
  expect(heldActText({ ...file, local: true })).toBe('send /srv/x of their own machine, fewer than 1001 bytes')
})

test('values of a prepared statement stand on a line each, and none passes for another', () => {
  const query = { action: 'query', database: 'orders', sql: 'delete from x where a = $1 and b = $2' } as const
  expect(heldActValues(query)).toEqual([])
  expect(heldActValues({ ...query, values: ["it's", null, "x'\nnull", 'null', 'a\u202eb'] })).toEqual([
    "'it's'",
    'null',
    "'x'\\u{a}null'",
    "'null'",
    "'a\\u{202e}b'",
  ])
  expect(heldActText({ ...query, values: ['1'] })).toBe(query.sql)
})
