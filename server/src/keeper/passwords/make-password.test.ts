import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CharacterClass } from '../../kernel/password-rules.ts'
import { alphabetOf, characterClasses } from './alphabet.ts'
import { drawInto, makePassword } from './make-password.ts'
import { hasWord } from './words.ts'

const text = (rule: { length: number; alphabet: readonly string[] }, names?: string[]) =>
  makePassword(rule, names).use('seal', (bytes) => Buffer.from(bytes).toString('ascii'))
const everything = alphabetOf(characterClasses, '')

/** Pearson's statistic of these counts against "all alike", and what it stays below but once in a thousand million samples. */
function alike(counts: readonly number[]): { statistic: number; bound: number } {
  const expected = counts.reduce((a, b) => a + b) / counts.length
  const statistic = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
  const freedom = counts.length - 1
  // Wilson and Hilferty, six standard deviations
  return { statistic, bound: freedom * (1 - 2 / (9 * freedom) + 6 * Math.sqrt(2 / (9 * freedom))) ** 3 }
}

describe('a password that is made', () => {
  test('has a character of each class, none but these, and its length, whatever is asked', async () => {
    const rule = fc.record({
      length: fc.integer({ min: 8, max: 40 }),
      classes: fc.subarray<CharacterClass>(characterClasses, { minLength: 1 }),
      excluded: fc.string({ maxLength: 6 }),
    })
    await fc.assert(
      fc.asyncProperty(rule, async ({ length, classes, excluded }) => {
        const alphabet = alphabetOf(classes, excluded)
        fc.pre(alphabet.every((c) => c.length > 0))
        const made = await text({ length, alphabet })
        expect(made).toHaveLength(length)
        for (const c of alphabet) expect([...made].some((ch) => c.includes(ch))).toBe(true)
        for (const ch of made) expect(alphabet.join('')).toContain(ch)
        expect(excluded).not.toContain([...made].find((ch) => excluded.includes(ch)) ?? '\n')
      }),
      { numRuns: 200 },
    )
  })

  test('holds no word, and no name of what it is for', async () => {
    for (let n = 0; n < 500; n++) {
      const made = await text({ length: 28, alphabet: everything }, ['deploy', 'web'])
      expect(hasWord(Buffer.from(made), ['deploy', 'web'])).toBe(false)
    }
  })

  test('has nothing that a shell, a URL or a reader takes for something else', () => {
    expect(everything.join('')).toMatch(/^[A-Za-z0-9\-_.+=~]{62}$/)
    expect(everything.join('')).not.toMatch(/[0O1lI]/)
  })

  test('prefers no character: 400,000 of them come about alike', () => {
    const all = Buffer.from(everything.join(''))
    const drawn = Buffer.alloc(400_000)
    drawInto(drawn, all)
    const counts = new Map([...all].map((byte) => [byte, 0]))
    for (const byte of drawn) counts.set(byte, (counts.get(byte) ?? Number.NaN) + 1)
    const { statistic, bound } = alike([...counts.values()])
    expect(statistic).toBeLessThan(bound)
  })

  test('prefers no password: of all that a small rule allows, each comes about as often', async () => {
    const counts = new Map<string, number>()
    for (let n = 0; n < 28_000; n++) {
      const made = await text({ length: 4, alphabet: ['xz', '23'] })
      counts.set(made, (counts.get(made) ?? 0) + 1)
    }
    // 4 to the power of 4, without the 16 that have only letters and the 16 that have only digits
    expect(counts.size).toBe(224)
    const { statistic, bound } = alike([...counts.values()])
    expect(statistic).toBeLessThan(bound)
  })

  test('is refused rather than sought for ever, where a rule allows none', () => {
    expect(() => makePassword({ length: 2, alphabet: ['a', 'b', 'c'] })).toThrow('was found in 10000 tries')
  })
})
