import { join } from 'node:path'
import { root } from './claviger.ts'
import { runProgram } from './process.ts'

/** Runs a suite of faults as somebody would. `total` is its last line, `said` the end of what it told people. */
export async function runFaults(...args: string[]) {
  const main = join(root, 'test/faults/main.ts')
  const { out, said, status } = await runProgram(process.execPath, [main, ...args, '--json'], { seconds: 1_500 })
  const total = JSON.parse(out.trim().split('\n').at(-1) || '{}') as { suite: string; injected: number; survived: number; lost: number }
  return { total, status, said: said.slice(-6_000) }
}
