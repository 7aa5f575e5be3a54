import { describe, expect, test } from 'vitest'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { readShare, type Share, writeShare } from './share-text.ts'
import { joinShares, splitRoot } from './split-root.ts'

const share = (over: Partial<Share> = {}): Share => ({
  ...{ set: '0102030405', threshold: 3, shares: 5, number: 2 },
  value: Buffer.from(Array.from({ length: 33 }, (_, i) => i)),
  ...over,
})
const text = (s: Share) => writeShare(s).toString()
const read = (s: string) => readShare(Buffer.from(s))

describe('the text of a share', () => {
  test('is what docs/formats.md says', () => {
    expect(text(share())).toMatchInlineSnapshot(
      `"clvs-040g4-0r40m-1ga0g-00410-61050-r3gg2-8a1c6-0t3gf-208h4-4rm2m-b1e60-s38dh-r78y3-wg9ck-bg10"`,
    )
  })

  test('is read as it was written, in any case, without hyphens, with spaces, and with the letters that are taken for digits', () => {
    const written = text(share())
    const forms = [
      written,
      written.toUpperCase(),
      written.replaceAll('-', ''),
      ` ${written.replaceAll('-', ' ')}\r\n`,
      written.replaceAll('1', 'l').replace(/(?<=-.*)0/g, 'O'),
      written.replace('clvs-', ''),
    ]
    for (const form of forms) expect(read(form)).toEqual({ ok: true, value: share() })
  })

  test('names each single mistyped letter, and two that were swapped', () => {
    const written = text(share({ value: randomSecretBytes(33) }))
    const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
    for (let i = 5; i < written.length; i++) {
      if (written[i] === '-') continue
      const other = alphabet[(alphabet.indexOf(written[i] as string) + 7) % 32]
      expect(read(written.slice(0, i) + other + written.slice(i + 1)).ok).toBe(false)
      const [a, b] = [written[i] as string, written[i + 1]]
      if (b === undefined || b === '-' || a === b) continue
      expect(read(written.slice(0, i) + b + a + written.slice(i + 2))).toEqual({ ok: false, error: 'mistyped' })
    }
  })

  test.each([
    ['', 'malformed'],
    ['clvs-', 'malformed'],
    ['correct horse battery staple', 'malformed'],
    ['u'.repeat(74), 'mistyped'],
    [`${'0'.repeat(75)}`, 'malformed'],
    ['0'.repeat(100_000), 'malformed'],
  ])('is no share: %#', (typed, error) => expect(read(typed)).toEqual({ ok: false, error }))

  test.each<[string, Partial<Share>]>([
    ['a threshold of one', { threshold: 1 }],
    ['more needed than there are', { threshold: 6 }],
    ['number nought', { number: 0 }],
    ['a number beyond the last', { number: 6 }],
  ])('is refused with %s, though its checksum is right', (_what, over) =>
    expect(read(text(share(over)))).toEqual({ ok: false, error: 'malformed' }),
  )
})

describe('a root key that was split', () => {
  test('comes back from any k of n shares, in any order, and from no k-1', async () => {
    const root = randomSecretBytes(32)
    const { texts, threshold, shares, set } = await splitRoot(root, 5, 3)
    const all = texts
      .toString()
      .split('\n')
      .map((line) => {
        const one = read(line)
        if (!one.ok) throw new Error(one.error)
        return one.value
      })
    expect(all.map((s) => [s.number, s.threshold, s.shares, s.set])).toEqual([1, 2, 3, 4, 5].map((n) => [n, threshold, shares, set]))
    for (const chosen of [
      [0, 1, 2],
      [4, 2, 0],
      [3, 1, 4],
      [0, 1, 2, 3, 4],
    ]) {
      expect(await joinShares(chosen.map((i) => all[i] as Share))).toEqual(root)
    }
    for (const chosen of [
      [0, 1],
      [4, 2],
      [3, 1],
    ])
      expect(await joinShares(chosen.map((i) => all[i] as Share))).not.toEqual(root)
  })
})
