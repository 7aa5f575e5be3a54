import { expect, test } from 'vitest'
import { z } from 'zod'
import { measured, median, percentile } from './measurement.ts'

const line = z.strictObject({
  metric: z.string().regex(/^[a-z0-9]+(\.[a-z0-9_]+)+$/),
  value: z.number(),
  unit: z.string().min(1),
  anchor: z.string().nullable(),
  anchor_value: z.number().nullable(),
  ratio: z.number().nullable(),
  better: z.enum(['higher', 'lower']),
  runs: z.int().min(5),
})
const about = { metric: 'ssh.bulk.down', unit: 'MiB/s', anchor: 'ssh direct', better: 'higher' } as const

test('the median is the middle one, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(() => median([])).toThrow()
})

test('a percentile is a value that was measured', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(percentile(hundred, 99)).toBe(99)
  expect(percentile(hundred, 50)).toBe(50)
  expect(percentile([7], 99)).toBe(7)
})

test('a line has the fields of the contract and no others', () => {
  const one = measured(about, { ours: [1, 2, 3, 4, 100], anchor: [2, 4, 6, 8, 10] })
  expect(line.parse(one)).toEqual({ ...about, value: 3, anchor_value: 6, ratio: 0.5, runs: 5 })
  expect(line.parse(measured({ ...about, anchor: null }, { ours: [1, 2, 3, 4, 5], anchor: null }))).toMatchObject({
    anchor: null,
    anchor_value: null,
    ratio: null,
  })
})

test('the ratio is ours / anchor, also where lower is better', () => {
  const slow = measured({ ...about, unit: 'ms', better: 'lower' }, { ours: [4, 4, 4, 4, 4], anchor: [2, 2, 2, 2, 2] })
  expect(slow.ratio).toBe(2)
})

test('fewer than five runs, or unequal ones, are no measurement', () => {
  expect(() => measured(about, { ours: [1, 2, 3, 4], anchor: [1, 2, 3, 4] })).toThrow(/4 runs/)
  expect(() => measured(about, { ours: [1, 2, 3, 4, 5], anchor: [1, 2, 3, 4] })).toThrow(/anchor has 4/)
  expect(() => measured(about, { ours: [1, 2, 3, Number.NaN, Number.NaN], anchor: null })).toThrow(/no number/)
})
