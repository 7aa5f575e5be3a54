import { expect, test } from 'vitest'
import { Away, Refused } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

const after = (error: Error | null) => ({ state: { data: undefined, error } })
const refused = (status: number) => new Refused(status, { code: 'x.y', message: 'No.' })

test('what passes by itself is asked again soon, also where nothing is asked again otherwise', () => {
  for (const error of [new Away(undefined), refused(500), refused(503)]) {
    expect(keepAsking(false)(after(error))).toBe(4000)
    expect(keepAsking(30_000)(after(error))).toBe(4000)
    expect(keepAsking(3000)(after(error))).toBe(3000)
  }
})

test('a refusal that stays is not asked again, and an answer as often as the page says', () => {
  for (const error of [null, refused(403), refused(404)]) {
    expect(keepAsking(false)(after(error))).toBe(false)
    expect(keepAsking(() => 30_000)(after(error))).toBe(30_000)
  }
})
