import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Scrubber } from './scrub.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

function through(secret: string, pieces: readonly string[], between: (scrubber: Scrubber) => string = () => ''): string {
  const scrubber = new Scrubber(Buffer.from(secret, 'latin1'))
  const out = pieces.map((piece) => text(scrubber.push(Buffer.from(piece, 'latin1'))) + between(scrubber))
  return out.join('') + text(scrubber.end())
}

const early = (scrubber: Scrubber) => text(scrubber.early())
/** Few letters, so that beginnings, repetitions and overlaps of the secret are common. */
const letters = (longest: number, least = 0) =>
  fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: least, maxLength: longest }).map((all) => all.join(''))

describe('scrubbing a secret out of a stream', () => {
  test.each([
    ['in one piece', ['the word is hunter2 ok'], 'the word is [scrubbed] ok'],
    ['cut anywhere', ['the word is hun', 't', 'er2 ok'], 'the word is [scrubbed] ok'],
    ['twice in a row', ['hunter2hunter2'], '[scrubbed][scrubbed]'],
    ['after a false start', ['huhunter2'], 'hu[scrubbed]'],
    ['not at all when only its beginning came', ['hun'], 'hun'],
    ['nor when a longer beginning was all that came', ['hunter'], '[scrubbed]'],
  ])('takes it out %s', (_how, pieces, shown) => {
    expect(through('hunter2', pieces)).toBe(shown)
  })

  test('holds nothing back that cannot become the secret', () => {
    const scrubber = new Scrubber(Buffer.from('hunter2'))
    expect(text(scrubber.push(Buffer.from('$ ')))).toBe('$ ')
    expect(text(scrubber.push(Buffer.from('has')))).toBe('has')
    expect(text(scrubber.push(Buffer.from('h')))).toBe('')
    expect(text(scrubber.early())).toBe('h')
    expect(text(scrubber.push(Buffer.from('unter2!')))).toBe('[scrubbed]!')
  })

  test('finds the same at every way of cutting the stream', () => {
    fc.assert(
      fc.property(letters(4, 1), fc.array(letters(6), { maxLength: 12 }), (secret, pieces) => {
        // an end that all strings share, so that nothing is held back at the end
        const expected = `${pieces.join('')}!`.replaceAll(secret, '[scrubbed]')
        expect(through(secret, [...pieces, '!'])).toBe(expected)
      }),
    )
  })

  test('lets out at most three bytes of a secret, however slowly it comes', () => {
    fc.assert(
      fc.property(letters(10, 5), letters(6), letters(6), (secret, before, after) => {
        const shown = through(secret, [...`${before}${secret}${after}!`], early)
        const whole = `${before}${secret}${after}!`
        expect(shown).toContain('[scrubbed]')
        // what was shown early is a beginning of at most three bytes before the replacement
        const at = whole.indexOf(secret)
        expect(shown.startsWith(whole.slice(0, at))).toBe(true)
        expect(shown.slice(at).indexOf('[scrubbed]')).toBeLessThanOrEqual(3)
      }),
    )
  })
})
