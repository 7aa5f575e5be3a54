import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSteadyClock } from '../../kernel/steady-clock.ts'
import { openFolder } from './folder.ts'
import { keepTime } from './known-time.ts'

let folder: string
let said: string[]
/** How long this machine has been running, in milliseconds. */
let running: number
/** What a clock shows that nobody has changed. */
const right = () => Date.parse('2026-01-01T10:00:00.000Z') + running
beforeEach(() => {
  running = 0
  folder = mkdtempSync(join(tmpdir(), 'claviger-time-'))
  said = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** One life of the keeper under a clock that is so far off: what time it took it to be at its beginning. */
function life(offsetMs: number): Date {
  const clock = createSteadyClock({ now: () => new Date(right() + offsetMs), monotonic: () => running })
  const time = keepTime(openFolder(folder), clock, (line) => said.push(line))
  const began = clock.now()
  running += 20_000
  time.stop()
  return began
}
const day = 86_400_000

describe('the time that the keeper keeps', () => {
  test('is not left behind by a clock that is set back between two starts', () => {
    const before = life(0)
    expect(life(-day).getTime()).toBeGreaterThanOrEqual(before.getTime())
    expect(said.join()).toMatch(/ALARM: the clock of this machine is 8\d{4} s behind/)
    expect(life(-2 * day).getTime()).toBeGreaterThanOrEqual(before.getTime())
  })

  test('is not held in the future by a clock that was ahead at one start', () => {
    life(0)
    expect(life(day).getTime()).toBeGreaterThan(right() + day - 60_000)
    expect(Math.abs(life(0).getTime() - right())).toBeLessThan(60_000)
    expect(said).toEqual([])
  })

  test('begins with the wall clock where nothing was kept', () => {
    expect(Math.abs(life(0).getTime() - right())).toBeLessThan(60_000)
    expect(readFileSync(join(folder, 'clock'), 'utf8')).toMatch(/^\d{4}-.*Z\n$/)
  })

  test.each(['', 'yesterday', '2026-01-01', '2026-01-01T00:00:00.000Z\n2026-01-01T00:00:00.000Z'])('is not guessed from %j', (text) => {
    writeFileSync(join(folder, 'clock'), text)
    expect(() => life(0)).toThrow('does not hold a time')
  })
})
