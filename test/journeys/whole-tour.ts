import { join } from 'node:path'
import { expect } from 'vitest'
import { type Claviger, root } from '../support/claviger.ts'
import { runProgram } from '../support/process.ts'

const steps = ['discover', 'vault', 'request', 'approve', 'connect', 'recording', 'end', 'ledger']

/** Runs the tour as a newcomer does, `through` a program that becomes it; each of its eight steps has to be as promised. */
export async function showsAllSteps(claviger: Claviger, through: readonly string[] = []): Promise<void> {
  const [file = '', ...args] = [...through, process.execPath, join(root, 'test/tour/main.ts'), '--json', '--within', '300']
  const ran = await runProgram(file, args, { seconds: 400, env: { ...claviger.env, CLAVIGER_SERVER: claviger.base } })
  const lines = ran.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { step: string; ok: boolean; evidence: Record<string, unknown> })
  expect(lines.filter((line) => !line.ok).map(({ step, evidence }) => `${step}: ${String(evidence.error).slice(0, 1000)}`)).toEqual([])
  expect(lines.map((line) => line.step)).toEqual(steps)
  expect(ran.status).toBe(0)
}
