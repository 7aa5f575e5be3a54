import type { replay } from '@claviger/api'
import { describe, expect, test } from 'vitest'
import { Parts, partAt } from './parts.ts'
import { ReplayPlayer, type Stage } from './replay-player.ts'
import { timelineOf } from './timeline.ts'

/** Ten seconds in each of three parts, a letter a second; what a stage was told is all that it shows. */
const starts = [0, 10, 20]
const letters = 'abcdefghijklmnopqrstuvwxyz1234'
const partOf = (n: number): replay.ReplayPart => ({
  n,
  screen: { seconds: n * 10, columns: 80, rows: 24, text: letters.slice(0, n * 10) },
  events: Array.from({ length: 10 }, (_, i) => [n * 10 + i + 0.5, 'o' as const, letters[n * 10 + i] ?? '']),
})

function playing({ refused = [] as number[] } = {}) {
  let shown = ''
  const asked: number[] = []
  const stage: Stage = {
    reset: (_, text) => {
      shown = text
    },
    output: (texts) => {
      shown += texts.join('')
    },
    resize: () => undefined,
  }
  const parts = new Parts(async (n) => {
    asked.push(n)
    if (refused.includes(n)) throw new Error('altered')
    return partOf(n)
  })
  const options = { stage, parts, starts, duration: 29.5, size: { cols: 80, rows: 24 }, changed: () => undefined }
  const player = new ReplayPlayer(options, timelineOf([], 29.5, true))
  return { player, asked, shown: () => shown }
}
const settled = () => new Promise((passed) => setTimeout(passed, 0))

describe('a replay in parts', () => {
  test.each([
    [0, ''],
    [0.5, 'a'],
    [9.9, letters.slice(0, 10)],
    [10, letters.slice(0, 10)],
    [25, letters.slice(0, 25)],
    [1, 'a'],
    [99, letters],
  ])('shows what stood there at second %d', async (to, text) => {
    const { player, shown, asked } = playing()
    await player.seek(29)
    await player.seek(to)
    expect(shown()).toBe(text)
    expect(asked.length).toBeLessThanOrEqual(2)
  })

  test('goes on from one part into the next without a break, and stops at its end', async () => {
    const { player, shown } = playing()
    await player.play()
    for (let n = 0; n < 400 && player.state.playing; n++) {
      player.passed(0.1)
      await settled()
      expect(letters.startsWith(shown())).toBe(true)
    }
    expect(shown()).toBe(letters)
    expect(player.state).toMatchObject({ playing: false, time: 29.5 })
  })

  test('shows the last of several places that are asked for at once', async () => {
    const { player, shown } = playing()
    await Promise.all([player.seek(25), player.seek(3), player.seek(12)])
    expect(shown()).toBe(letters.slice(0, 12))
  })

  test('shows nothing of a part that was refused, neither on the way there nor by a jump, and says why', async () => {
    const { player, shown } = playing({ refused: [1] })
    await player.play()
    for (let n = 0; n < 200 && player.state.playing; n++) {
      player.passed(0.1)
      await settled()
    }
    expect(player.state).toMatchObject({ playing: false, time: 10, trouble: expect.any(Error) })
    expect(shown()).toBe('')
    await player.seek(15)
    expect([shown(), player.state.trouble]).toEqual(['', expect.any(Error)])
    await player.seek(25)
    expect(shown()).toBe(letters.slice(0, 25))
    expect(player.state.trouble).toBeUndefined()
  })
})

test('the part of a second is the last that began by then', () => {
  expect([0, 9.9, 10, 19, 20, 99].map((at) => partAt(starts, at))).toEqual([0, 0, 1, 1, 2, 2])
  expect(partAt([0, 0, 0, 5], 0)).toBe(2)
})
