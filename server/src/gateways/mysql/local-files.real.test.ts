import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Connection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
import { type FileAsked, type JudgeFile, takenBack } from '../contract.ts'
import { temporaryFolder } from '../ssh/test/folder.ts'
import { until } from '../ssh/test/until.ts'
import { type Door, openDoor } from './test/open-door.ts'

/*
 * `LOAD DATA LOCAL INFILE` in front of a real MariaDB: Debian's `mariadb` with `--local-infile`, and mysql2 with a stream.
 */

let door: Door
const folder = temporaryFolder()
beforeAll(async () => {
  door = await openDoor()
})
afterAll(async () => {
  await door?.[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

let asked: FileAsked[] = []
/** What policy says of a file. */
let policy: JudgeFile = async () => ok({ until: null })
beforeEach(async () => {
  asked = []
  policy = async () => ok({ until: null })
  door.host.sendsFiles = true
  door.host.judgeFile = async (file, how) => {
    asked.push(file)
    return await policy(file, how)
  }
  await door.server.sql('create or replace table shop.people (id int primary key, name varchar(200)) engine = innodb')
})
afterEach(() => {
  door.host.judgeQuery = undefined
})

const lines = (count: number) => Array.from({ length: count }, (_, i) => `${i}\tname of ${i}\n`).join('')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const file = (name: string, contents: string): string => {
  const path = join(folder.path, name)
  writeFileSync(path, contents)
  return path
}
const rows = async () => Object.values((await door.server.sql('select count(*) from shop.people'))[0] ?? {})[0]
const load = (path: string, more = '') => `load data local infile '${path}' into table shop.people${more}`
const ended = async () => {
  const session = door.session()
  await until(() => session.outcomes.length > 0)
  return session
}
/** What mysql2 sends: it takes bytes alone. */
const stream = (text: string) => Readable.from(text === '' ? [] : [Buffer.from(text)])
/** mysql2, whose file comes from here whatever its name is. `opened`: each name that it was asked for. */
async function client(contents: () => Readable): Promise<{ sql: Connection; opened: string[] }> {
  const opened: string[] = []
  const infileStreamFactory = (path: string) => {
    opened.push(path)
    return contents()
  }
  return { sql: await door.client({ infileStreamFactory, multipleStatements: true }), opened }
}

describe("Debian's mariadb", () => {
  test('sends a file that policy lets pass, which is counted and hashed and not kept', async () => {
    const contents = lines(60_000)
    const path = file('people.tsv', contents)
    const ran = await door.mariadb(`${load(path)}; select count(*) from shop.people;`, '--local-infile=1')
    expect(ran).toMatchObject({ code: 0, out: '60000\n' })
    const { files, statements, ends, how } = await ended()
    expect(how).toMatchObject({ kind: 'sql', files: true })
    expect(asked).toEqual([{ op: 'put', path, bytes: 0 }])
    expect(files).toMatchObject([
      { n: 1, op: 'put', path, outcome: 'open', bytes: null },
      { n: 1, op: 'put', path, outcome: 'ok', bytes: contents.length, sha256: sha256(contents), message: null },
    ])
    expect(statements[0]?.sql).toBe(load(path))
    expect(ends[0]).toMatchObject({ outcome: 'ok', rows: 60_000 })
  })

  test('is told what would allow it where no policy does, and goes on', async () => {
    door.host.sendsFiles = false
    policy = async (_file, how) =>
      fail({ code: 'session.act_refused', say: how?.only ? 'Not asked in earnest.' : 'No policy lets files pass.' })
    const ran = await door.mariadb(`${load(file('a', '1\ta\n'))}; select 7;`, '--local-infile=1', '--force')
    expect(ran).toMatchObject({ out: '7\n', err: expect.stringContaining('ERROR 1142 (42000) at line 1: No policy lets files pass.') })
    const { files, ends } = await ended()
    expect(files).toEqual([])
    expect(ends.map(({ outcome }) => outcome)).toEqual(['failed', 'ok'])
    expect(await rows()).toBe(0)
  })

  test('is told what it needs itself', async () => {
    const ran = await door.mariadb(load(file('b', '1\ta\n')), '--local-infile=0')
    expect(ran.err).toContain('ERROR 1148 (42000)')
    expect(ran.err).toContain('--local-infile')
    expect((await ended()).how).not.toHaveProperty('files')
    expect(asked).toEqual([])
  })

  test('hears what the target says against it, once it has sent all, and goes on', async () => {
    const contents = lines(60_000)
    const path = file('wrong', contents)
    // in the middle of the file
    const fails = ' (@id, name) set id = if(@id = 30000, (select 1 union select 2), @id)'
    const ran = await door.mariadb(`${load(path, fails)}; select 7;`, '--local-infile=1', '--force')
    expect(ran.err).toContain('ERROR 1242')
    expect(ran.out).toBe('7\n')
    expect(await rows()).toBe(0)
    const { files } = await ended()
    const message = expect.stringMatching(/more than 1 row/)
    expect(files.at(-1)).toMatchObject({ outcome: 'failed', bytes: contents.length, sha256: sha256(contents), message })
  })

  test('a file that grows beyond what policy lets pass is cut there; the target takes back what it had, and the client hears why', async () => {
    const say = 'At most 100000 bytes are sent here.'
    policy = async ({ bytes }) => (bytes < 100_000 ? ok({ until: 100_000 }) : fail({ code: 'session.act_refused', say }))
    const ran = await door.mariadb(load(file('long', lines(60_000))), '--local-infile=1')
    expect(ran.err).toContain(say)
    const { files, outcomes, ends } = await ended()
    expect(files.at(-1)).toMatchObject({ outcome: 'failed', sha256: null, message: say })
    expect(files.at(-1)?.bytes).toBeGreaterThan(0)
    expect(files.at(-1)?.bytes).toBeLessThan(100_000)
    expect(outcomes).toMatchObject([{ reason: 'closed', detail: 'policy let a file pass no further' }])
    expect(ends).toMatchObject([{ outcome: 'cut' }])
    expect(await rows()).toBe(0)
  })
})

describe('mysql2', () => {
  test('sends one file after the other, an empty one among them, and works on', async () => {
    const all = [lines(3), '', lines(40_000).replaceAll(/^(\d+)/gm, (id) => String(Number(id) + 10))]
    const left = [...all]
    const { sql, opened } = await client(() => stream(left.shift() ?? ''))
    for (const [i] of all.entries()) await sql.query(load(`/srv/in/${i}.tsv`))
    expect((await sql.query('select count(*) as n from shop.people'))[0]).toEqual([{ n: 40_003 }])
    await sql.end()
    expect(opened).toEqual(['/srv/in/0.tsv', '/srv/in/1.tsv', '/srv/in/2.tsv'])
    const done = (await ended()).files.filter(({ outcome }) => outcome !== 'open')
    expect(done.map(({ n, outcome, bytes, sha256: hash }) => [n, outcome, bytes, hash])).toEqual(
      all.map((contents, i) => [i + 1, 'ok', contents.length, sha256(contents)]),
    )
  })

  test('a policy about the path refuses one file before anything is asked of the client, and lets the other pass', async () => {
    const say = 'Only files of /srv/in are sent. Ask an administrator.'
    policy = async ({ path }) => (path?.startsWith('/srv/in/') ? ok({ until: null }) : fail({ code: 'session.act_refused', say }))
    const { sql, opened } = await client(() => stream('1\ta\n'))
    for (const path of ['/etc/passwd', '/srv/in/../../etc/passwd', 'people.tsv'])
      await expect(sql.query(load(path))).rejects.toMatchObject({ errno: 1142, sqlMessage: say })
    await sql.query(load('/srv/in/people.tsv'))
    await sql.query(load('C:/data/people.tsv')).catch(() => {})
    await sql.end()
    expect(asked.map(({ path }) => path)).toEqual(['/etc/passwd', '/etc/passwd', undefined, '/srv/in/people.tsv', 'C:/data/people.tsv'])
    expect(opened).toEqual(['/srv/in/people.tsv'])
    const { files } = await ended()
    expect(files.filter(({ outcome }) => outcome === 'failed').map(({ path, message }) => [path, message])).toEqual(
      ['/etc/passwd', '/etc/passwd', 'people.tsv', 'C:/data/people.tsv'].map((path) => [path, say]),
    )
  })

  test('what is not plainly one file is refused: several statements, a prepared one, another way to write it', async () => {
    const { sql, opened } = await client(() => stream('1\ta\n'))
    const refused = { errno: 1148, sqlState: '42000' }
    for (const text of [
      `${load('/a')}; select 1`,
      `select 1; ${load('/a')}`,
      load("/a\\'b"),
      `set statement max_statement_time=9 for ${load('/a')}`,
    ])
      await expect(sql.query(text)).rejects.toMatchObject({ ...refused, sqlMessage: expect.stringMatching(/single quotes/) })
    await expect(sql.execute(load('/a'))).rejects.toMatchObject({ ...refused, sqlMessage: expect.stringMatching(/not prepared/) })
    expect((await sql.query('select 7 as n'))[0]).toEqual([{ n: 7 }])
    await sql.end()
    expect([opened, asked]).toEqual([[], []])
    expect((await ended()).files).toEqual([])
  })

  test('what the server puts together itself, with a file that no statement names, ends the session, and it is an alarm', async () => {
    const { sql, opened } = await client(() => stream('1\ta\n'))
    sql.on('error', () => {})
    await expect(sql.query(`execute immediate concat('load da', "ta local infile '/etc/passwd' into table shop.people")`)).rejects.toThrow()
    expect(opened).toEqual([])
    const { outcomes } = await ended()
    expect(outcomes).toMatchObject([{ reason: 'target_failed', alarm: 'file_demanded' }])
    expect(await rows()).toBe(0)
  })

  test('statements are asked about as well, and first', async () => {
    const say = 'Nothing is loaded here.'
    door.host.judgeQuery = async ({ sql: text }) => (/load/.test(text) ? fail({ code: 'session.act_refused', say }) : ok(undefined))
    const { sql, opened } = await client(() => stream('1\ta\n'))
    await expect(sql.query(load('/a'))).rejects.toMatchObject({ errno: 1142, sqlMessage: say })
    await sql.end()
    expect([opened, asked]).toEqual([[], []])
  })

  test('waits for somebody else, before the client is asked for anything; taken back it is not done', async () => {
    let decide: (yes: boolean) => void = () => {}
    policy = async (_file, how) => {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      how?.signal?.addEventListener('abort', () => resolve(false))
      decide = resolve
      const yes = await promise
      return yes
        ? ok({ until: null, asked: true })
        : fail({ code: how?.signal?.aborted ? takenBack : 'session.act_not_allowed', say: 'It was not done.' })
    }
    const { sql, opened } = await client(() => stream('1\ta\n'))
    const one = sql.query(load('/a'))
    await until(() => asked.length === 1)
    expect(opened).toEqual([])
    decide(true)
    await one
    const two = sql.query(load('/b')).catch((error: unknown) => error)
    await until(() => asked.length === 2)
    const other = await door.client()
    await other.query(`kill query ${sql.threadId}`)
    expect(await two).toMatchObject({ errno: 1317 })
    await other.end()
    await sql.end()
    expect(opened).toEqual(['/a'])
    expect(await rows()).toBe(1)
  })

  test('while policy is asked about more of it, the rest waits and nothing of it is lost', async () => {
    const contents = lines(50_000)
    policy = async ({ bytes }) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return ok({ until: bytes + 50_000 })
    }
    const { sql } = await client(() => stream(contents))
    await sql.query(load('/srv/in/many.tsv'))
    expect((await sql.query('select count(*) as n from shop.people'))[0]).toEqual([{ n: 50_000 }])
    await sql.end()
    expect(asked.length).toBeGreaterThan(5)
    expect((await ended()).files.at(-1)).toMatchObject({ outcome: 'ok', bytes: contents.length, sha256: sha256(contents) })
  })

  test('a session that is ended in the middle of a file leaves nothing of it on the target', async () => {
    const { sql } = await client(() => {
      const endless = new Readable({ read() {} })
      endless.push(Buffer.from(lines(2_000)))
      return endless
    })
    sql.on('error', () => {})
    const failed = expect(sql.query(load('/srv/in/endless.tsv'))).rejects.toThrow()
    const session = door.session()
    await until(() => session.files.length > 0)
    session.cut('ended_by_officer')
    await failed
    await ended()
    expect(session.files.at(-1)).toMatchObject({ outcome: 'cut', sha256: null })
    expect(await rows()).toBe(0)
  })
})
