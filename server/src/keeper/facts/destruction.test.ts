import fc from 'fast-check'
import { expect, test } from 'vitest'
import { destructionOf, isIn, newIn, withVersions } from './destruction.ts'

test('ranges hold exactly the versions that were put in, in as few pairs as there can be', () => {
  const versions = fc.uniqueArray(fc.integer({ min: 1, max: 40 }))
  fc.assert(
    fc.property(versions, versions, (first, then) => {
      const before = withVersions([], first)
      const after = withVersions(before, then)
      for (let v = 1; v <= 41; v++) expect(isIn(after, v)).toBe(first.includes(v) || then.includes(v))
      for (const [i, [from]] of after.entries()) if (i > 0) expect(from).toBeGreaterThan((after[i - 1]?.[1] ?? 0) + 1)
      expect(newIn(after, before).sort((a, b) => a - b)).toEqual(then.filter((v) => !first.includes(v)).sort((a, b) => a - b))
    }),
  )
})

test('an account has one destruction', () => {
  expect(destructionOf('acc_4f9k2m7q1x')).toBe('dst_4f9k2m7q1x')
})
