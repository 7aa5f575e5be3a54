import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openDoor, ticket, user } from './test/open-door.ts'

// asyncpg speaks the protocol by itself: it is not libpq, which psql is, and neither node-postgres. It prepares everything and reads binary values.

const script = `
import asyncio, asyncpg, ssl, sys
port, ca, user, ticket = sys.argv[1:]
async def main():
    c = await asyncpg.connect(host="localhost", port=int(port), user=user, password=ticket, database="postgres",
                              ssl=ssl.create_default_context(cafile=ca))
    print(await c.fetchval("select $1::int + 1", 41))
    await c.execute("create temp table z(a int, b text)")
    print(await c.copy_records_to_table("z", records=[(i, str(i)) for i in range(5000)]))
    async with c.transaction():
        print(len([row async for row in c.cursor("select * from z", prefetch=100)]))
    try:
        await asyncio.wait_for(c.execute("select pg_sleep(60)"), 5)
    except asyncio.TimeoutError:
        print("cancelled")
    await c.executemany("insert into z values($1, $2)", [(1, "x")] * 200)
    try:
        await c.fetch("select nothing_like_it")
    except asyncpg.UndefinedColumnError:
        print("refused")
    print(await c.fetchval("select count(*) from z"))
    await c.close()
asyncio.run(main())
`

test('asyncpg copies, reads by cursor, cancels and runs many at a time; each statement is recorded with its values', async () => {
  await using door = await openDoor()
  const file = join(door.folder, 'client.py')
  writeFileSync(file, script)
  const { stdout } = await promisify(execFile)('/usr/bin/python3', [file, String(door.gateway.port), door.ca, user, ticket])
  expect(stdout.split('\n')).toEqual(['42', 'COPY 5000', '5000', 'cancelled', 'refused', '5200', ''])
  const { statements, ends } = door.session()
  const of = (text: string) =>
    statements.filter(({ sql }) => sql.includes(text)).map(({ n, parameters }) => ({ parameters, ...ends.find((end) => end.n === n) }))
  expect(of('$1::int + 1')).toMatchObject([{ parameters: ['41'], outcome: 'ok', rows: 1 }])
  expect(of('pg_sleep')).toMatchObject([{ outcome: 'cancelled' }])
  expect(of('insert into z')).toHaveLength(200)
  expect(of('insert into z').at(-1)).toMatchObject({ parameters: ['1', 'x'], outcome: 'ok' })
  expect(of('nothing_like_it').at(-1)).toMatchObject({ outcome: 'failed', sqlState: '42703' })
  expect(door.errors).toEqual([])
})
