import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/claviger.ts'
import { runProgram } from '../support/process.ts'

/* Some thirty bad things, each in the middle of somebody's work; `npm run faults -- tour` does more than a hundred. */

test(
  'thirty faults are survived, and nothing is lost',
  async () => {
    const main = join(root, 'test/faults/main.ts')
    const { out, said, status } = await runProgram(process.execPath, [main, 'tour', '--quick', '--json'], { seconds: 1_500 })
    const total = JSON.parse(out.trim().split('\n').at(-1) ?? '{}')
    const injected = expect.toSatisfy((count: number) => count >= 25 && count <= 30, 'about thirty')
    expect(total, said.slice(-6_000)).toMatchObject({ suite: 'tour', injected, lost: 0 })
    expect(total.survived, said.slice(-6_000)).toBe(total.injected)
    expect(status).toBe(0)
  },
  26 * 60_000,
)
