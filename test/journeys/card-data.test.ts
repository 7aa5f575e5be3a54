import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { access, call, type inventory, replay, session, sessionSearch } from '@claviger/api'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mysqlHarness } from '../../server/src/targets/mysql/test/harness.ts'
import type { RunningTarget } from '../../server/src/targets/test/harness.ts'
import { type Claviger, cli, startClaviger } from '../support/claviger.ts'
import { addTarget } from '../support/own-target.ts'
import { must, type Person } from '../support/person.ts'
import { filesBelow } from '../support/planted.ts'
import { allRows, plantCards } from '../support/planted-cards.ts'
import { runProgram } from '../support/process.ts'
import { sftp, ssh, startSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { grant, takeOver, targetNamed } from '../support/work.ts'

/*
 * Targets in scope pci: a thousand card numbers, each with a code, pass through real clients of every gateway, in output, as parameters and as
 * names of files. The person gets each of them; nothing that is kept has any.
 */

const { numbers, findIn } = plantCards(1002)
/** Planted before the target is in scope, so that the search is known to find. */
const control = numbers[1000] as string
const typed = numbers[1001] as string
const code = (i: number) => String((i * 7) % 1000).padStart(3, '0')

let claviger: Claviger
let alice: Person
let carol: Person
let server: RunningTarget
const web01 = 'deploy@web01'
const orders = 'app_admin@orders-db'
beforeAll(async () => {
  server = await mysqlHarness.start()
  claviger = await startClaviger({ lab: true })
  carol = await claviger.person('carol')
  alice = await claviger.person('alice')
  await takeOver(claviger, [web01, orders])
  const shop = await addTarget(claviger, mysqlHarness, server, { name: 'shop-db', scopes: ['pci'] })
  await shop.account('ops')
  writeFileSync(join(claviger.work, 'ca.pem'), await (await fetch(`${claviger.base}/api/gateway-ca.pem`)).text())
})
afterAll(async () => {
  await claviger?.stop()
  await server?.stop()
})

const recordings = async () => {
  const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 200 } }))
  return sessions
}
const settled = async () =>
  await until(
    'every session to be settled',
    async () => (await recordings()).every((one) => one.endedAt !== null) && (await recordings()),
    120,
  )

/** Everything that a person with all rights gets of a session, in each format. */
async function everythingOf(id: string): Promise<string> {
  const paths = ['replay.cast', 'commands', 'statements', 'statements/export?format=jsonl', 'statements/export?format=text', 'files']
  const texts = [...paths, 'files/export?format=jsonl', 'files/export?format=text', 'forwards'].map(async (path) => {
    const answer = await fetch(`${claviger.base}/api/sessions/${id}/${path}`, { headers: { authorization: `Bearer ${carol.token}` } })
    return await answer.text()
  })
  return (await Promise.all(texts)).join('\n')
}

async function ticketFor(grantId: string) {
  const { ticket, user, port } = must(await call(alice.api, session.issueTicket, { params: { id: grantId } }))
  return { ticket, user, port, ca: join(claviger.work, 'ca.pem') }
}

test('the search for them finds one that was planted where no scope is, in the database and in what is exported', async () => {
  await grant(alice, await claviger.person('bob'), web01)
  const ran = await ssh(claviger, alice, web01, `echo ${control}`)
  expect(ran.out).toContain(control)
  const [first] = await settled()
  expect(findIn(await everythingOf(first?.id ?? ''))).toContain(control)
  const db = await claviger.superuser()
  expect(findIn((await allRows(db)).join('\n'))).toContain(control)
  await db.close()
})

test('an administrator puts targets in scope by the command line, and what was granted on them is void', async () => {
  await cli(claviger, ['login', '--name', 'carol', '--password-file', '-', '--code-file', '-', '--json'], {
    input: `${carol.password}\n${await carol.code()}\n`,
  })
  for (const name of ['web01', 'orders-db']) {
    const ran = await cli(claviger, ['targets', 'change', name, '--scope', 'pci', '--code-file', '-', '--json'], {
      input: `${await carol.code()}\n`,
    })
    expect(ran).toMatchObject({ status: 0 })
    const { target } = JSON.parse(ran.out) as { target: inventory.Target }
    expect(target.scopes).toEqual(['pci'])
  }
  expect((await targetNamed(claviger, 'web01')).scopes).toEqual(['pci'])
})

test('by SSH: what a target prints, what is typed, and what files are called', async () => {
  await grant(alice, await claviger.person('bob'), web01)
  const lines = numbers.slice(0, 400).map((number, i) => {
    const grouped = number.match(/.{1,4}/g) as string[]
    const ways = [
      number,
      grouped.join(' '),
      grouped.join('-'),
      [...number].join('\x1b[32m\x1b[0m'),
      `${number},12/29,${code(i)}`,
      `;${number}=29121010000${code(i)}?`,
    ]
    return `${ways[i % ways.length]} cvv=${code(i)}`
  })
  const file = join(claviger.work, 'cards.txt')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const puts = numbers.slice(400, 600).map((number) => `put ${file} /tmp/card_${number}.txt`)
  expect(
    await sftp(claviger, alice, web01, [
      `put ${file} /tmp/cards-of-the-journey.txt`,
      ...puts,
      ...puts.map((put) => `rm ${put.split(' ')[2]}`),
    ]),
  ).toBe(0)

  const terminal = await startSsh(claviger, alice, web01, { terminal: true })
  await terminal.shows(/[$#] $/)
  terminal.type('stty cols 40; cat /tmp/cards-of-the-journey.txt; echo the-$((1+1))nd-mark\r')
  await terminal.shows(/the-2nd-mark/)
  // what passes to the person is untouched
  expect(findIn(terminal.said())).toContain(numbers[0])
  // what a replay begins with: the gateway makes it while the session runs, and nobody has looked
  terminal.type('seq 70000; cat /tmp/cards-of-the-journey.txt; echo the-$((1+2))rd-mark\r')
  await terminal.shows(/the-3rd-mark/)
  const db = await claviger.superuser()
  const running = `select s.id from session s join recording r on r.session_id = s.id where s.state = 'running' and exists (select 1 from recording_outline o where o.recording_id = r.id)`
  const [shown] = await until('the gateway to read behind it', async () => {
    const found = await db.sql<{ id: string }>(running)
    return found.length > 0 && found
  })
  await db.close()
  const params = { id: shown?.id ?? '' }
  const opened = must(await call(carol.api, replay.openReplay, { params }))
  const parts = opened.parts.map((_, n) => call(carol.api, replay.replayPart, { params: { ...params, replay: opened.replay, n } }))
  const replayed = JSON.stringify((await Promise.all(parts)).map(must))
  expect(replayed).toContain('69999')
  expect(findIn(replayed)).toEqual([])
  for (const key of `: ${typed}`) {
    terminal.type(key)
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  // The prompt first: until bash has read a line its terminal is raw, and Enter that comes behind it in that time stays a carriage return, which ends no
  // line for `read`. It takes that and the next line as one, and waits. An sshd without a gateway before it loses as many lines.
  terminal.type('\rread -s -p "say"-it: x\r')
  await terminal.shows(/say-it:/)
  terminal.type(`${typed}\r`)
  await terminal.shows(/[$#] $/)
  terminal.type('rm /tmp/cards-of-the-journey.txt; exit\r')
  await terminal.ended
  const ran = await ssh(claviger, alice, web01, `echo ${numbers[600]} cvc ${code(600)}`)
  expect(ran.out).toContain(numbers[600])
})

test('by PostgreSQL: in statements, as parameters, and in what the server complains about', async () => {
  const given = await ticketFor((await grant(alice, await claviger.person('bob'), orders)).grant.id)
  const statements = numbers
    .slice(601, 700)
    .map((number, i) => `select '${number}' as card, '${code(i)}' as cvv; select ${number}${i % 2 ? '::int' : ''};`)
  const env = {
    ...{ PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: String(given.port), PGUSER: given.user, PGPASSWORD: given.ticket },
    ...{ PGDATABASE: 'postgres', PGSSLMODE: 'verify-full', PGSSLROOTCERT: given.ca, PGAPPNAME: `card ${numbers[700]}` },
  }
  const ran = await runProgram('psql', ['-X', '-q'], { env, seconds: 240, input: statements.join('\n') })
  expect(ran.out).toContain(numbers[601])
  expect(ran.said).toContain('out of range')
  const client = new pg.Client({
    ...{ host: 'localhost', port: given.port, user: given.user, password: given.ticket, database: 'postgres' },
    ssl: { ca: readFileSync(given.ca, 'utf8') },
  })
  await client.connect()
  for (const [i, number] of numbers.slice(701, 800).entries()) {
    const { rows } = await client.query('select $1::text as card, $2::text as cvv, $3::bytea', [number, code(i), Buffer.from(number)])
    expect(rows[0]).toMatchObject({ card: number, cvv: code(i) })
  }
  await client.end()
})

test('by MySQL: in statements, and as parameters that go as text and as numbers', async () => {
  const body = { account: 'ops@shop-db', duration: '30m', reason: 'a journey' }
  const { grant: granted } = must(await call(alice.api, access.fileRequest, { body }))
  const given = await ticketFor(granted?.id ?? '')
  const statements = numbers.slice(800, 900).map((number, i) => `select '${number}' as card, ${number} as same, '${code(i)}' as cvv;`)
  const args = [
    '--no-defaults',
    '-h',
    '127.0.0.1',
    '-P',
    `${given.port}`,
    '-u',
    given.user,
    `--ssl-ca=${given.ca}`,
    '--ssl-verify-server-cert',
  ]
  const env = { PATH: process.env.PATH, MYSQL_PWD: given.ticket }
  const ran = await runProgram('mariadb', args, { env, seconds: 240, input: statements.join('\n') })
  expect(ran.out).toContain(numbers[800])
  const client = await mysql.createConnection({
    ...{ host: 'localhost', port: given.port, user: given.user, password: given.ticket },
    ssl: { ca: readFileSync(given.ca, 'utf8') },
  })
  for (const [i, number] of numbers.slice(900, 1000).entries()) {
    const [rows] = await client.execute('select ? as card, ? as cvv', [i % 2 ? number : BigInt(number), code(i)])
    expect(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))).toContain(number.slice(0, 12))
  }
  await client.end()
})

test('none of them is in any recording, export, index, entry or row, nor in any file of the server', async () => {
  const all = await settled()
  const inScope = all.slice(0, -1)
  expect(inScope.length).toBeGreaterThanOrEqual(7)
  for (const { id, kind } of inScope) {
    const text = await everythingOf(id)
    expect([kind, ...findIn(text)]).toEqual([kind])
    // codes are too short to be looked for among everything; where a word announces them they stand out
    expect([...text.matchAll(/cv[cv]\W{1,3}\d{3}/g)]).toEqual([])
    if (kind !== 'forward') expect(text).toContain('XXX')
  }
  const shown = (await Promise.all(inScope.map(({ id }) => everythingOf(id)))).join('\n')
  // it is what was planted that is masked, and all of it
  expect(shown.match(/card_X{13,19}\.txt/g)?.length).toBeGreaterThanOrEqual(400)
  expect(shown).toContain(`: ${'X'.repeat(typed.length)}`)

  const db = await claviger.superuser()
  const rows = await allRows(db)
  await db.close()
  expect(findIn(rows.join('\n')).filter((number) => number !== control)).toEqual([])
  const ledger = await fetch(`${claviger.base}/api/ledger/export`, { headers: { authorization: `Bearer ${carol.token}` } })
  expect(findIn(await ledger.text()).filter((number) => number !== control)).toEqual([])
  for (const path of filesBelow(claviger.data)) {
    // the targets are ours to start, and what they keep of what was done there is theirs
    if (path.startsWith(join(claviger.data, 'lab')) || path.startsWith(join(claviger.data, 'bin'))) continue
    expect([path, ...findIn(readFileSync(path, 'latin1')).filter((number) => number !== control)]).toEqual([path])
  }
  const hits = must(await call(carol.api, sessionSearch.searchSessions, { body: { words: numbers[0] as string } }))
  expect(hits.sessions).toEqual([])
})
