import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../keeper/test/world.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { showGrants, showRequests } from '../access/access.view.ts'
import { manyRequests } from '../access/test/many-requests.ts'
import { showSessions } from './session.view.ts'

/* What people see of five thousand requests and what came of them: a page at a time, each row once, with as many questions as for one row. */

const many = 5000
let world: World
let alice: { person: string; groups: string[] }
let carol: { person: string; groups: string[] }
beforeAll(async () => {
  world = await openWorld()
  const [account] = (await world.sql(`select id from account where name = 'deploy'`)) as { id: string }[]
  alice = { person: world.alice.id, groups: ['engineers'] }
  carol = { person: world.carol.id, groups: ['security'] }
  for (const statement of manyRequests(many, { person: alice.person, approver: world.bob.id, account: account?.id ?? '' }))
    await world.sql(statement)
})
afterAll(() => world?.close())

/** The same database, and how often it was asked. */
function counting(db: Db): { db: Db; asked(): number } {
  let asked = 0
  const counted = db.withPlugin({
    transformQuery({ node }) {
      asked++
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return { db: counted, asked: () => asked }
}

async function leaf<T extends { id: string }>(page: (after: string | undefined) => Promise<T[]>): Promise<string[]> {
  const seen: string[] = []
  for (let after: string | undefined, pages = 0; pages < 100; pages++) {
    const rows = await page(after)
    seen.push(...rows.map((r) => r.id))
    after = rows.at(-1)?.id
    if (rows.length === 0) break
  }
  return seen
}

const lists: [string, number, (db: Db, after: string | undefined, limit: number) => Promise<{ id: string }[]>][] = [
  ['my requests', many, (db, after, limit) => showRequests(db, alice, { view: 'mine', after, limit })],
  ['what waits for a decision', many / 4, (db, after, limit) => showRequests(db, carol, { view: 'inbox', after, limit })],
  ['what was decided', (many / 4) * 3, (db, after, limit) => showRequests(db, carol, { view: 'decided', after, limit })],
  ['grants', (many / 4) * 3, (db, after, limit) => showGrants(db, carol, { after, limit })],
  ['my sessions', (many / 4) * 3, (db, after, limit) => showSessions(db, alice, { after, limit })],
  ['sessions of everyone', (many / 4) * 3, (db, after, limit) => showSessions(db, carol, { state: 'ended', after, limit })],
  ['sessions that are searched', (many / 4) * 3, (db, after, limit) => showSessions(db, carol, { search: 'deploy@', after, limit })],
]

describe('a list of thousands', () => {
  test.each(lists)('%s: leads page by page through every row once', async (_name, count, list) => {
    const seen = await leaf((after) => list(world.db, after, 500))
    expect([seen.length, new Set(seen).size]).toEqual([count, count])
    // newest first, as they are numbered
    expect(seen).toEqual([...seen].sort((a, b) => Number(b.replace(/\D/g, '')) - Number(a.replace(/\D/g, ''))))
  })

  test.each(lists)('%s: a page of a hundred asks the database as often as a page of one', async (_name, _count, list) => {
    const [one, hundred] = [counting(world.db), counting(world.db)]
    expect(await list(one.db, undefined, 1)).toHaveLength(1)
    expect(await list(hundred.db, undefined, 100)).toHaveLength(100)
    expect(hundred.asked()).toBe(one.asked())
  })

  test('a request in it knows the three that went before it', async () => {
    const [newest] = await showRequests(world.db, carol, { view: 'all', limit: 1 })
    const [, ...before] = await showRequests(world.db, carol, { view: 'all', limit: 4 })
    expect(newest?.history.map((h) => h.id)).toEqual(before.map((r) => r.id))
  })
})

describe('sessions', () => {
  test('are found by who, by account and target, and by the request that led to them; by nothing that only looks like it', async () => {
    const found = async (filter: object) => (await showSessions(world.db, carol, { limit: 500, ...filter })).length
    expect(await found({ search: 'ALICE' })).toBe(500)
    expect(await found({ search: 'deploy@web' })).toBe(500)
    expect(await found({ search: '%' })).toBe(0)
    expect(await found({ search: "' or true --" })).toBe(0)
    expect((await showSessions(world.db, carol, { request: 'req_00000m4999', limit: 500 })).map((s) => s.id)).toEqual(['ses_00000m4999'])
  })
})
