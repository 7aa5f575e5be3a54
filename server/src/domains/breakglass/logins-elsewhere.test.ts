import { expect, test } from 'vitest'
import { isOurs } from './logins-elsewhere.ts'

const at = (minute: number) => new Date(Date.UTC(2027, 0, 1, 12, minute))
const nothing = { rotations: [], checks: [], sessions: [], kits: [] }
const fromTo = (from: number, to: number | null) => [{ from: at(from), to: to === null ? null : at(to) }]

test.each([
  ['while it was rotated', { rotations: fromTo(10, 12) }, true],
  ['while it is being rotated', { rotations: fromTo(2, null) }, true],
  ['when it was tried', { checks: fromTo(11, 11) }, true],
  ['in a session that came through a door of ours', { sessions: fromTo(5, 20) }, true],
  ['long after all that', { rotations: fromTo(1, 2), checks: fromTo(3, 3), sessions: fromTo(4, 5) }, false],
  ['before a rotation began', { rotations: fromTo(20, 21) }, false],
])('a login from our address %s', (_when, work, ours) => {
  expect(isOurs({ ours: true }, at(11), { ...nothing, ...work })).toBe(ours)
  // from anywhere else it is nobody's of ours, whatever we did at that time
  expect(isOurs({ ours: false }, at(11), { ...nothing, ...work })).toBe(false)
})

test('one under a kit that was brought back is known, from wherever the laptop was', () => {
  const work = { ...nothing, kits: fromTo(10, 10) }
  expect(isOurs({ ours: false }, at(11), work)).toBe(true)
  expect(isOurs({ ours: false }, at(30), work)).toBe(false)
})
