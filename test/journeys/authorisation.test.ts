import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Operation, operationsOf } from '../authorisation/ask.ts'
import { recipes } from '../authorisation/recipes.ts'
import { type Actor, actors, openPaths, rows } from '../authorisation/table.ts'
import { openWorld, type World } from '../authorisation/world.ts'

/*
 * docs/authorisation.md, cell by cell: each operation of the running server's own document, sent by a real person of each kind for
 * an object of their own and for another's. A cell that comes out differently is somebody's right that nobody reviewed.
 */

let world: World
let operations: Operation[]
beforeAll(async () => {
  world = await openWorld()
  operations = operationsOf(await (await fetch(`${world.claviger.base}/api/openapi.json`)).json())
})
afterAll(() => world?.claviger.stop())

/** What takes away what the others need comes last. */
const last = ['removeSshKey', 'signOut']
const inOrder = [...rows].sort((a, b) => last.indexOf(a.operation) - last.indexOf(b.operation))
const title = ({ operation, whose }: (typeof rows)[number]) => `${operation}${whose && ` (${whose})`}`

test('each operation of the running server has a row, and each row an operation', () => {
  const named = operations.map((o) => o.id)
  expect([...new Set(rows.map((r) => r.operation))].sort()).toEqual([...named].sort())
  expect(Object.keys(recipes).filter((id) => !named.includes(id))).toEqual([])
})

test('what is outside of the document answers to anybody', async () => {
  for (const path of openPaths) expect([path, (await fetch(`${world.claviger.base}${path}`)).status]).toEqual([path, 200])
})

describe('a browser', () => {
  test('that sends only its cookie reads, and changes nothing', async () => {
    const { token } = world.people.administrator
    for (const { method, path } of operations.filter((o) => o.method !== 'GET')) {
      const answer = await fetch(`${world.claviger.base}${path.replaceAll(/\{\w+\}/g, 'x')}`, {
        method,
        headers: { cookie: `claviger=${token}` },
      })
      expect([method, path, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        method,
        path,
        403,
        'http.cross_site',
      ])
    }
  })

  test('with the header that only the console sends may do what its person may, and no more', async () => {
    const came: [string, string][] = []
    for (const row of rows.filter((r) => r.expected.engineer !== '–' && !last.includes(r.operation))) {
      const operation = operations.find((o) => o.id === row.operation)
      if (operation?.method === 'GET') came.push([title(row), await ask(world, operation, row, 'engineer', 'cookie')])
    }
    expect(came).toEqual(came.map(([name]) => [name, rows.find((r) => title(r) === name)?.expected.engineer]))
    expect(came.length).toBeGreaterThan(10)
  })
})

test.each(inOrder.map((row) => [title(row), row] as const))('%s', async (_title, row) => {
  const operation = operations.find((o) => o.id === row.operation)
  if (!operation) throw new Error('there is no such operation')
  const came = {} as Record<Actor, string>
  for (const actor of actors) came[actor] = row.expected[actor] === '–' ? '–' : await ask(world, operation, row, actor)
  expect(came).toEqual(row.expected)
})
