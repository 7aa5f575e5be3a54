import { describe, expect, test } from 'vitest'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { readCheckpoint, signCheckpoint, verifierKey } from './checkpoint.ts'

const key = signingKey(new Uint8Array(32).fill(1))
const checkpoint = { log: 'claviger.dev/ledger/test', size: 3, root: Buffer.alloc(32, 5), epoch: 2, time: '2026-01-01T10:00:00.000Z' }
const note = signCheckpoint(key, checkpoint)

describe('a checkpoint', () => {
  test('is read as it was signed', () => {
    expect(readCheckpoint(note, key.publicKey)).toEqual(checkpoint)
  })

  test('is nothing under another key, also one of the same name', () => {
    expect(readCheckpoint(note, signingKey(newSeed()).publicKey)).toBeUndefined()
  })

  test('is nothing with any of its characters changed', () => {
    for (let at = 0; at < note.length; at++) {
      const other = note[at] === 'x' ? 'y' : 'x'
      expect(readCheckpoint(note.slice(0, at) + other + note.slice(at + 1), key.publicKey)).toBeUndefined()
    }
  })

  test.each([
    ['with a line more', note.replace('\ntime', '\nmore 1\ntime')],
    ['cut short', note.slice(0, -2)],
    ['with something behind it', `${note}x`],
    ['of nothing', ''],
  ])('is nothing %s', (_what, text) => {
    expect(readCheckpoint(text, key.publicKey)).toBeUndefined()
  })

  test('names its verifier key as C2SP signed-note does', () => {
    expect(verifierKey('claviger.dev/ledger/test', key.publicKey)).toMatch(
      /^claviger\.dev\/ledger\/test\+[0-9a-f]{8}\+AQ?[A-Za-z0-9+/]+=*$/,
    )
  })
})
