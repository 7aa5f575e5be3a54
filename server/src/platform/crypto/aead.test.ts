import { describe, expect, test } from 'vitest'
import { openAead, sealAead } from './aead.ts'

const zeros = (length: number) => new Uint8Array(length)
const hex = (text: string) => Buffer.from(text, 'hex')

describe('AES-256-GCM', () => {
  test('gives what the GCM specification gives (McGrew and Viega, test case 14)', () => {
    const sealed = sealAead(zeros(32), zeros(12), zeros(0), zeros(16))
    expect(sealed).toEqual(hex('cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919'))
    expect(openAead(zeros(32), zeros(12), zeros(0), sealed)).toEqual(Buffer.alloc(16))
  })

  test.each([
    ['another key', zeros(32).fill(1), zeros(12), zeros(3)],
    ['another nonce', zeros(32), zeros(12).fill(1), zeros(3)],
    ['another place', zeros(32), zeros(12), zeros(4)],
  ])('does not open with %s', (_what, key, nonce, associated) => {
    const sealed = sealAead(zeros(32), zeros(12), zeros(3), Buffer.from('secret'))
    expect(openAead(key, nonce, associated, sealed)).toBeUndefined()
  })

  test('does not open with a changed byte, nor without its tag', () => {
    const sealed = sealAead(zeros(32), zeros(12), zeros(3), Buffer.from('secret'))
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] as number) ^ 1
      expect(openAead(zeros(32), zeros(12), zeros(3), changed)).toBeUndefined()
    }
    expect(openAead(zeros(32), zeros(12), zeros(3), sealed.subarray(0, 15))).toBeUndefined()
  })
})
