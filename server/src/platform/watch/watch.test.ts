import { beforeEach, describe, expect, test } from 'vitest'
import { createClockWatch } from './clock-watch.ts'
import { createWatch, type Watch } from './watch.ts'

let mono: number
let wall: number
const clock = { now: () => new Date(wall), monotonic: () => mono }
const pass = (seconds: number) => {
  mono += seconds * 1000
  wall += seconds * 1000
}
beforeEach(() => {
  mono = 1_000_000
  wall = Date.parse('2026-01-01T10:00:00Z')
})

describe('the watch over the parts', () => {
  let watch: Watch
  const lookFor = (seconds: number) => {
    const said = []
    for (let i = 0; i < seconds; i += 5) {
      pass(5)
      said.push(...watch.look())
    }
    return said
  }
  beforeEach(() => {
    watch = createWatch({ node: 'one', clock, patience: { expiry: 90_000 }, causeOf: (part) => `The ${part} was stopped.` })
    watch.expect('api')
    watch.beat('api', { sequencer: { agoMs: 100 }, expiry: { agoMs: 100 } })
  })

  test('says nothing while everything beats', () => {
    for (let i = 0; i < 60; i++) {
      pass(5)
      watch.beat('api', { sequencer: { agoMs: 400 }, expiry: { agoMs: 60_000 } })
      expect(watch.look()).toEqual([])
    }
  })

  test('gives a silence its beginning, its cause and its end, once each', () => {
    for (let seconds = 1; seconds <= 31; seconds += 5) {
      pass(seconds === 1 ? 1 : 5)
      watch.beat('api', { sequencer: { agoMs: seconds * 1000 + 100, cause: 'the table is locked' }, expiry: { agoMs: 31_100 } })
      if (seconds < 31) expect(watch.look()).toEqual([])
    }
    const [began] = watch.look()
    expect(began).toMatchObject({ control: 'sequencer', since: '2026-01-01T09:59:59.900Z', cause: 'the table is locked', until: null })
    expect(watch.look()).toEqual([])
    expect(watch.state().controls.find((c) => c.control === 'sequencer')).toMatchObject({ silent: true, cause: 'the table is locked' })
    pass(10)
    watch.beat('api', { sequencer: { agoMs: 0 }, expiry: { agoMs: 10_000 } })
    expect(watch.look()).toEqual([expect.objectContaining({ id: began?.id, until: '2026-01-01T10:00:41.000Z' })])
    expect(watch.look()).toEqual([])
  })

  test('alarms a silent part once, and names what is silent with it', () => {
    expect(lookFor(95).map((s) => [s.control, s.cause])).toEqual([['api', 'The api was stopped. With it is silent: sequencer, expiry.']])
    expect(watch.state().controls.map((c) => [c.control, c.silent])).toEqual([
      ['api', true],
      ['expiry', true],
      ['sequencer', true],
    ])
  })

  test('tells a silence until it was entered with its end, and no longer', () => {
    const [{ id } = { id: '' }] = lookFor(40)
    watch.forget([id])
    expect(watch.state().silences.map((s) => s.id)).toEqual([id])
    watch.beat('api', { sequencer: { agoMs: 40_000 }, expiry: { agoMs: 40_000 } })
    watch.look()
    watch.forget([id])
    expect(watch.state().silences).toEqual([])
  })

  test('accuses nobody of the time in which it did not look itself', () => {
    pass(60)
    expect(watch.look()).toEqual([])
    expect(watch.state().controls.map((c) => c.silent)).toEqual([false, false, false])
    watch.beat('api', { sequencer: { agoMs: 100 }, expiry: { agoMs: 100 } })
    expect(lookFor(15)).toEqual([])
  })

  test('finds who fell silent in that time all the same, since when they were', () => {
    pass(60)
    expect(watch.look()).toEqual([])
    expect(lookFor(15)).toMatchObject([{ control: 'api', since: '2026-01-01T10:00:00.000Z' }])
  })

  test('is not moved by a wall clock that is set', () => {
    wall += 86_400_000
    watch.beat('api', { sequencer: { agoMs: 0 } })
    expect(watch.look()).toEqual([])
    wall -= 2 * 86_400_000
    expect(watch.look()).toEqual([])
  })
})

describe('the watch over the clock', () => {
  const even = (time: ReturnType<typeof createClockWatch>, seconds: number) => {
    for (let i = 0; i < seconds; i += 5) {
      pass(5)
      time.look()
    }
  }

  test.each([
    ['forward by a day', 86_400, 'forward by 86400 s'],
    ['back by a day', -86_400, 'back by 86400 s'],
    ['back by six seconds', -6, 'back by 6 s'],
  ])('notices one that is set %s, and believes it again when it went evenly for a minute', (_how, by, words) => {
    const time = createClockWatch(clock)
    even(time, 60)
    expect(time.beat()).toEqual({ agoMs: 0 })
    wall += by * 1000
    even(time, 35)
    expect(time.beat().cause).toContain(words)
    expect(time.beat().agoMs).toBeGreaterThan(30_000)
    even(time, 40)
    expect(time.beat()).toEqual({ agoMs: 0 })
  })

  test('bears what a time service does in small steps', () => {
    const time = createClockWatch(clock)
    for (let i = 0; i < 2_000; i++) {
      wall += 3 // 600 parts in a million, more than ntpd slews
      even(time, 5)
      expect(time.beat().cause).toBeUndefined()
    }
  })

  test('notices that the database’s clock differs, and by how much at least', () => {
    const time = createClockWatch(clock)
    const asked = mono
    time.heard('database', new Date(wall + 7_000), asked)
    even(time, 35)
    expect(time.beat()).toMatchObject({ cause: expect.stringContaining('database is 7 s ahead of ours') })
    // an answer that took so long that it may be right
    pass(20)
    time.heard('database', new Date(wall - 10_000 + 7_000), mono - 20_000)
    even(time, 5)
    expect(time.beat()).toEqual({ agoMs: 0 })
  })
})
