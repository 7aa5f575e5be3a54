import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openDoor, ticket, user } from './test/open-door.ts'

// PyMySQL speaks the protocol by itself: it is neither the library of MariaDB's client nor mysql2.

const script = `
import pymysql, sys
port, ca, user, ticket = sys.argv[1:]
c = pymysql.connect(host="127.0.0.1", port=int(port), user=user, password=ticket, ssl_ca=ca, autocommit=True)
k = c.cursor()
k.execute("select %s, 6 * 7", ("\u00e9",))
print(ascii(k.fetchall()))
k.execute("create database if not exists tried")
k.execute("create or replace table tried.z (n text)")
k.executemany("insert into tried.z (n) values (%s)", [("p%d" % i,) for i in range(1000)])
print(k.rowcount)
s = c.cursor(pymysql.cursors.SSCursor)
s.execute("select * from tried.z")
print(sum(1 for _ in s))
s.close()
try:
    k.execute("select * from tried.nothing_like_it")
except pymysql.err.ProgrammingError as error:
    print(error.args[0])
c.ping(reconnect=False)
c.close()
`

test('PyMySQL writes many at a time and reads row by row; each statement is recorded with its outcome', async () => {
  await using door = await openDoor()
  const file = join(dirname(door.ca), 'client.py')
  writeFileSync(file, script)
  const { stdout } = await promisify(execFile)('/usr/bin/python3', [file, String(door.gateway.port), door.ca, user, ticket])
  expect(stdout.split('\n')).toEqual(["(('\\xe9', 42),)", '1000', '1000', '1146', ''])
  const { statements, ends } = door.session()
  const of = (text: string) => statements.filter(({ sql }) => sql.includes(text)).map(({ n }) => ends.find((end) => end.n === n))
  expect(of('insert into tried.z').reduce((rows, end) => rows + (end?.rows ?? 0), 0)).toBe(1000)
  expect(of('select * from tried.z')).toMatchObject([{ outcome: 'ok', rows: 1000 }])
  expect(of('nothing_like_it')).toMatchObject([{ outcome: 'failed', sqlState: '42S02' }])
  expect(door.errors).toEqual([])
})
