import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOfChange } from './lines-of-change.ts'

const shown = (before: string | null, after: string | null) => linesOfChange(before, after).map(({ sign, text }) => `${sign}${text}`)

test('shows what stays, what goes and what comes', () => {
  expect(shown('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c'])
  expect(shown(null, 'a\nb')).toEqual(['+a', '+b'])
  expect(shown('a', null)).toEqual(['-a'])
})

test('gives back both texts, whatever they are', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 }).map((lines) => [...lines, 'end'].join('\n'))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = linesOfChange(before, after)
      const side = (without: string) => lines.filter(({ sign }) => sign !== without).map((line) => line.text)
      expect(side('+').join('\n')).toBe(before)
      expect(side('-').join('\n')).toBe(after)
    }),
  )
})
