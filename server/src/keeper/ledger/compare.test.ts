import { beforeEach, expect, test } from 'vitest'
import { newSeed, type SigningKey, signingKey } from '../../platform/crypto/ed25519.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type Compare, createCompare } from './compare.ts'

const log = 'claviger.dev/ledger/test'
const signer = signingKey(newSeed())
const ours = { size: 100, epoch: 3, now: new Date('2026-01-01T00:00:00Z') }
const rootOf = (size: number, history = 'ours') => sha256(`${history} ${size}`)
let compare: Compare
beforeEach(() => {
  Object.assign(ours, { size: 100, epoch: 3, now: new Date('2026-01-01T00:00:00Z') })
  compare = createCompare({
    notary: {
      get size() {
        return ours.size
      },
      rootAt: (size: number) => (size > ours.size - 50 && size <= ours.size ? rootOf(size) : undefined),
    } as never,
    identity: {
      log,
      signer,
      get epoch() {
        return ours.epoch
      },
    } as never,
    now: () => ours.now,
  })
})
const signed = (size: number, over: { history?: string; epoch?: number; by?: SigningKey; log?: string } = {}) =>
  signCheckpoint(over.by ?? signer, {
    log: over.log ?? log,
    ...{ size, root: rootOf(size, over.history), epoch: over.epoch ?? ours.epoch, time: '2026-01-01T00:00:00.000Z' },
  })
const later = (seconds: number) => {
  ours.now = new Date(ours.now.getTime() + seconds * 1000)
}

test('a checkpoint that lies on our log is the same, one beyond our memory or of an earlier epoch is old', () => {
  expect(compare.with(signed(100), 'b')).toEqual({ ok: true, value: 'same' })
  expect(compare.with(signed(70), 'b')).toEqual({ ok: true, value: 'same' })
  expect(compare.with(signed(20), 'b')).toEqual({ ok: true, value: 'old' })
  expect(compare.with(signed(20, { epoch: 2, history: 'acknowledged and gone' }), 'b')).toEqual({ ok: true, value: 'old' })
})

test('another history is found, also where the other is behind', () => {
  for (const size of [100, 70])
    expect(compare.with(signed(size, { history: 'theirs' }), 'b')).toMatchObject({
      ok: false,
      error: { why: expect.stringContaining('two histories') },
    })
})

test('what nobody of this installation signed is not compared', () => {
  expect(compare.with(signed(100, { by: signingKey(newSeed()) }), 'b')).toEqual({ ok: false, error: 'not ours' })
  expect(compare.with(signed(100, { log: 'claviger.dev/ledger/other' }), 'b')).toEqual({ ok: false, error: 'not ours' })
  expect(compare.with('', 'b')).toEqual({ ok: false, error: 'not ours' })
})

test('one that is ahead is compared when we get there, however far ahead it is by then', () => {
  expect(compare.with(signed(110, { history: 'theirs' }), 'b')).toEqual({ ok: true, value: 'ahead' })
  ours.size = 120
  expect(compare.with(signed(130), 'b')).toMatchObject({ ok: false, error: { why: expect.stringContaining('first 110 entries') } })
})

test('one that stays ahead of all that the database shows is held back from us; a busy or absent database is no reason', () => {
  const look = (size = 110) => {
    later(5)
    return compare.with(signed(size), 'b')
  }
  for (let i = 0; i < 5; i++) expect(look()).toEqual({ ok: true, value: 'ahead' })
  // it did not answer for a while: what was seen before it went is no evidence
  compare.interrupted()
  for (let i = 0; i < 4; i++) expect(look()).toEqual({ ok: true, value: 'ahead' })
  ours.size = 110
  expect(look()).toEqual({ ok: true, value: 'same' })
  for (let i = 0; i < 5; i++) expect(look(111 + i)).toEqual({ ok: true, value: 'ahead' })
  expect(look(120)).toMatchObject({ ok: false, error: { why: expect.stringContaining('holds back') } })
})

test('a later epoch that the database does not show is held back as well', () => {
  for (let i = 0; i < 5; i++) {
    later(5)
    expect(compare.with(signed(90, { epoch: 4 }), 'b')).toEqual({ ok: true, value: 'ahead' })
  }
  later(5)
  expect(compare.with(signed(90, { epoch: 4 }), 'b')).toMatchObject({ ok: false })
})
