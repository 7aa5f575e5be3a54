import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../keeper/test/world.ts'
import { startBeat } from '../../platform/nodes/index.ts'
import { showNodes } from './nodes.view.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const first = { id: 'nod_aaaaaaaaaa', name: 'a-server', version: '1.0.0' }
const second = { id: 'nod_bbbbbbbbbb', name: 'b-server', version: '1.0.1' }

test('each server is shown with its parts, who sequences and how far its keeper is', async () => {
  const { size } = world.inside.context.notary
  const beats = [
    await startBeat(world.db, first, 'api', async () => ({ epoch: 1, size })),
    await startBeat(world.db, first, 'gateway'),
    await startBeat(world.db, second, 'api', async () => ({ epoch: 1, size: size - 2 })),
  ]
  const { ledger, nodes } = await showNodes(world.db, first.id)
  expect(ledger).toBeGreaterThanOrEqual(size)
  expect(nodes).toMatchObject([
    { node: first.id, name: 'a-server', own: true, sequences: true, parts: [{ part: 'api', silent: false }, { part: 'gateway' }] },
    { node: second.id, version: '1.0.1', own: false, sequences: false, keeper: { epoch: 1, size: size - 2 } },
  ])
  expect(nodes[1]?.keeper?.behind).toBe(ledger - size + 2)
  await Promise.all(beats.map((b) => b.stop()))
})

test('one that is silent is said to be, and a keeper of which nothing is known is none', async () => {
  await world.sql("update node_part set seen_at = seen_at - interval '1 minute', keeper_size = null where node = $1", [second.id])
  await world.sql("update ledger_sequencer set beat_at = '-infinity'")
  const { nodes } = await showNodes(world.db, first.id)
  expect(nodes[1]).toMatchObject({ parts: [{ silent: true }], keeper: null })
  await world.sql("update node_part set seen_at = seen_at - interval '31 days' where node = $1", [second.id])
  expect((await showNodes(world.db, first.id)).nodes.map((n) => n.node)).toEqual([first.id])
})
