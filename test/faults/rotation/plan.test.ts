import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from '../../support/claviger.ts'
import { randomFrom } from '../random.ts'
import { atOnce, type Batch, plan } from './plan.ts'
import { steps } from './steps.ts'

const atSteps = (batches: readonly Batch[]) => batches.flatMap((b) => (b.kind === 'at-steps' ? [b] : []))

test('a full run kills api, keeper and database at each step of a rotation, on every target in turn', () => {
  const batches = atSteps(plan(randomFrom(1), 'full'))
  for (const part of ['api', 'keeper', 'database'])
    for (const step of steps)
      expect(batches.filter((b) => b.part === part && b.steps.includes(step)).length, `${part} at ${step}`).toBe(atOnce)
})

test('of those that are held in one batch no two are at the same step, and few inside of a transaction', () => {
  for (const { steps: held } of atSteps(plan(randomFrom(2), 'full'))) {
    expect(new Set(held).size).toBe(atOnce)
    expect(held.filter((step) => step.startsWith('noting')).length).toBeLessThan(4)
  }
})

test('the same seed gives the same faults, another one others', () => {
  expect(plan(randomFrom(3), 'full')).toEqual(plan(randomFrom(3), 'full'))
  expect(plan(randomFrom(3), 'full')).not.toEqual(plan(randomFrom(4), 'full'))
})

test('what makes a server lose credentials is reached from tests alone: nothing of the product knows of it', () => {
  const ours = /\.(test|fixture)\.ts$|\/test\//
  const product = globSync(['server/src/**/*.ts', 'cli/src/**/*.ts', 'api/src/**/*.ts', 'lab/**/*.ts'], { cwd: root }).filter(
    (file) => !ours.test(file),
  )
  expect(product.length).toBeGreaterThan(500)
  const knows = product.filter((file) =>
    /CLAVIGER_FAULTS|target-first|next-first|test\/faults/.test(readFileSync(`${root}/${file}`, 'utf8')),
  )
  expect(knows).toEqual([])
})
