import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../keeper/test/world.ts'
import { showAccounts, showTargets } from './inventory.view.ts'
import { showStanding } from './standing.view.ts'
import { manyRows } from './test/many-rows.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  for (const statement of manyRows({ targets: 5000, accounts: 20_000 })) await world.sql(statement)
})
afterAll(() => world?.close())

const capabilities = () => ['discover']
const targets = (only: Partial<Parameters<typeof showTargets>[2]>) => showTargets(world.db, capabilities, { limit: 100, ...only })
const vaulted = async () => new Map()
const accounts = (only: Partial<Parameters<typeof showAccounts>[2]>) => showAccounts(world.db, vaulted, { limit: 100, ...only })

describe('a list of thousands', () => {
  test('answers a page and says how many there are', async () => {
    const first = await targets({ search: 'fleet-' })
    expect(first.rows).toHaveLength(100)
    expect(first.total).toBe(5000)
    expect(first.rows[0]).toMatchObject({ name: 'fleet-0001', accounts: 4, states: { found: 2, managed: 1, held: 1 } })
    expect(first.next).toBe(first.rows.at(-1)?.id)
  })

  test('leads page by page through every row once', async () => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await accounts({ search: '@fleet-', limit: 500, after })
      seen.push(...page.rows.map((a) => `${a.target.name} ${a.name}`))
      after = page.next ?? undefined
    } while (after && seen.length < 30_000)
    expect(seen).toHaveLength(20_000)
    expect(new Set(seen).size).toBe(20_000)
    expect(seen).toEqual([...seen].sort())
  })

  test.each<[string, number]>([
    ['fleet-4999', 1],
    ['FLEET-499', 10],
    ['198.51.100.7:2207', 1],
    ['%', 0],
    ['_', 0],
    ["' or true --", 0],
  ])('finds %j as the text that it is', async (search, total) => {
    const found = await targets({ search })
    expect([found.total, found.rows.length]).toEqual([total, total])
  })

  test('finds accounts by what they are', async () => {
    expect(await accounts({ search: 'root@fleet-0042' })).toMatchObject({ total: 1, next: null })
    expect((await accounts({ target: 'fleet-0042' })).rows.map((a) => a.state)).toEqual(['found', 'found', 'held', 'managed'])
    expect((await accounts({ state: 'held', search: '@fleet-' })).total).toBe(5000)
    expect((await accounts({ category: 'database', search: '@fleet-' })).total).toBe(0)
    expect((await accounts({ tier: 0, search: '@fleet-' })).total).toBe(5000)
  })

  test('is counted for the picture of what stands open', async () => {
    const { counts, targets: all, neverSearched } = await showStanding(world.db)
    const of = (state: string) => counts.filter((c) => c.state === state).reduce((sum, c) => sum + c.accounts, 0)
    expect(of('held')).toBeGreaterThanOrEqual(5000)
    expect(of('found')).toBeGreaterThanOrEqual(10_000)
    expect(all).toBeGreaterThanOrEqual(5000)
    expect(neverSearched).toBeGreaterThanOrEqual(5000)
  })
})
