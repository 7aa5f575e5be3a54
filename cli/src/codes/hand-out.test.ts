import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HandOut, handOutCode, waitFor } from './hand-out.ts'
import { totp } from './totp.ts'

const secret = Buffer.from('12345678901234567890')
let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'claviger-codes-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

/** A clock that only moves when someone sleeps. */
function stoppedClock(second: number) {
  const waits: number[] = []
  let at = second * 1000
  const sleep = async (milliseconds: number) => {
    at += milliseconds
  }
  return { waits, now: () => at, sleep, onWait: (seconds: number) => waits.push(seconds) } satisfies HandOut & { waits: number[] }
}

describe('codes of the lab', () => {
  test('are never the same twice, and wait when all that the server takes are used', async () => {
    const clock = stoppedClock(3000)
    const steps = []
    for (let i = 0; i < 4; i++) steps.push((await handOutCode(data, 'alice', secret, clock)).step)
    expect(steps).toEqual([100, 101, 102, 103])
    expect(clock.waits).toEqual([31, 30])
  })

  test('begin one step earlier for programs, unless that step is about to pass', async () => {
    expect((await handOutCode(data, 'alice', secret, { ...stoppedClock(3000), from: 'soonest' })).step).toBe(99)
    expect((await handOutCode(data, 'bob', secret, { ...stoppedClock(3014), from: 'soonest' })).step).toBe(99)
    // a busy machine takes seconds to bring it
    expect((await handOutCode(data, 'carol', secret, { ...stoppedClock(3016), from: 'soonest' })).step).toBe(100)
  })

  test('are counted for each person, in a file for its owner alone', async () => {
    const alice = await handOutCode(data, 'alice', secret, stoppedClock(3000))
    await handOutCode(data, 'bob', secret, stoppedClock(3000))
    const file = join(data, 'lab', 'codes.json')
    expect(alice).toEqual({ code: totp(secret, 100), step: 100, validMs: 60_000 })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ alice: 100, bob: 100 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('can be asked when the next one is free, without taking it', async () => {
    expect(waitFor(data, 'alice', 3_000_000)).toBe(0)
    for (let i = 0; i < 2; i++) await handOutCode(data, 'alice', secret, stoppedClock(3000))
    expect(waitFor(data, 'alice', 3_000_000)).toBe(30_000)
    expect(waitFor(data, 'alice', 3_030_000)).toBe(0)
  })

  test('are not given to two processes at once', () => {
    const module = JSON.stringify(join(import.meta.dirname, 'hand-out.ts'))
    const script = `import { handOutCode } from ${module}
      const clock = { now: () => 3_000_000, sleep: async () => {} }
      for (const i of [1, 2]) console.log(await handOutCode(${JSON.stringify(data)}, 'p' + i, Buffer.from('x'), clock).then((c) => c.step))`
    const both = `for i in 1 2; do "$0" --input-type=module -e "$1" & done; wait`
    const { stdout } = spawnSync('sh', ['-c', both, process.execPath, script], { encoding: 'utf8', timeout: 60_000 })
    expect(stdout.trim().split('\n').sort()).toEqual(['100', '100', '101', '101'])
  })
})
