import { expect, test } from 'vitest'
import { endsWith, lettersOf, meaning, sharesBlocked, thresholdBlocked } from './words.ts'

const share = 'clvs-040g4-0r40m-1ga0g-00410-61050-r3gg2-8a1c6-0t3gf-208h4-4rm2m-b1e60-s38dh-r78y3-wg9ck-bg10'

test.each([
  [5, 3, undefined, undefined],
  [2, 2, undefined, undefined],
  [16, 16, undefined, undefined],
  [1, 2, 'From 2 to 16', undefined],
  [17, 3, 'From 2 to 16', undefined],
  [4, 5, undefined, 'At most 4, as many as there are'],
  [5, 1, undefined, 'At least 2: nobody opens it alone'],
  [5, Number.NaN, undefined, 'From 2 to 5'],
  [2.5, 2, 'From 2 to 16', undefined],
])('%d custodians of whom %d are needed: refused only where that cannot be', (shares, threshold, why, whyThreshold) => {
  expect(sharesBlocked(shares)).toBe(why)
  expect(thresholdBlocked(threshold, shares)).toBe(whyThreshold)
})

test('what the numbers mean is said with what it costs', () => {
  expect(meaning(3, 5)).toBe('Any 3 of the 5 open it. 2 shares may be lost; one more, and so is the vault.')
  expect(meaning(2, 3)).toBe('Any 2 of the 3 open it. One share may be lost; one more, and so is the vault.')
  expect(meaning(3, 3)).toBe('All 3 must come, each time. One lost share, and the vault is lost.')
})

test('typing is counted as the server reads it', () => {
  expect(lettersOf(share)).toBe(74)
  expect(lettersOf(` ${share.toUpperCase().replaceAll('-', ' ')}\n`)).toBe(74)
  expect([lettersOf(''), lettersOf('clvs-'), lettersOf('CLVS-040g')]).toEqual([0, 0, 4])
})

test('the end of a share is known again, also with the letters that are taken for digits', () => {
  expect(['bg10', ' BG10', 'bglo', 'bg-10'].map((typed) => endsWith(share, typed))).toEqual([true, true, true, true])
  expect(['', 'bg1', 'wg9ck', 'bg1a'].map((typed) => endsWith(share, typed))).toEqual([false, false, false, false])
})
