import { expect, test } from 'vitest'
import { lostOf } from './judge.ts'

const marks = [0, 400, 800, 1_200, 1_600, 2_000].map((at) => ({ at, text: `line ${at}` }))
const texts = marks.map(({ text }) => text)
const whole = { ok: true, message: '' }
const interrupted = { session: 'ses_a', state: 'interrupted', sealed: false }
const whys = (recorded: readonly string[], more: { sealed?: boolean; struckAt?: number; lateMs?: number; verified?: typeof whole } = {}) =>
  lostOf(
    marks,
    { verified: more.verified ?? whole, texts: recorded },
    { ...interrupted, sealed: more.sealed ?? false },
    more.struckAt ?? 2_100,
    more.lateMs,
  ).map(({ why }) => why)

test('what was recorded to the end is not lost, nor what was recorded beyond it', () => {
  expect(whys(texts, { sealed: true })).toEqual([])
  expect(whys([...texts, 'line that never arrived'])).toEqual([])
})

test('of one that was interrupted the last second may be missing, and no more', () => {
  expect(whys(texts.slice(0, 4), { struckAt: 2_100 })).toEqual([])
  expect(whys(texts.slice(0, 2), { struckAt: 2_100 })).toEqual([expect.stringContaining('the next was seen 1.30 s before the fault')])
})

test('on a machine that is late itself as much more may be missing, and no more', () => {
  expect(whys(texts.slice(0, 2), { struckAt: 2_100, lateMs: 400 })).toEqual([])
  expect(whys(texts.slice(0, 2), { struckAt: 2_100, lateMs: 200 })).toHaveLength(1)
  expect(whys(texts.slice(0, 5), { sealed: true, lateMs: 5_000 })).toHaveLength(1)
})

test('of one that ended in order nothing may', () => {
  expect(whys(texts.slice(0, 5), { sealed: true })).toEqual([expect.stringContaining('ended in order')])
})

test('what goes on unrecorded is found whenever the fault was', () => {
  expect(whys(texts.slice(0, 2), { struckAt: 500 })).toEqual([expect.stringContaining('went on for 1.20 s')])
})

test('another line than was seen is found, and a recording that does not verify', () => {
  expect(whys([...texts.slice(0, 2), 'forged', ...texts.slice(3)])).toEqual([expect.stringContaining('"forged"')])
  expect(whys(texts, { verified: { ok: false, message: 'bytes 3 to 9' } })).toEqual(['bytes 3 to 9'])
})
