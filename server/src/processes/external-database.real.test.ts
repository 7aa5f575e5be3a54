import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readExternalDatabase } from '../platform/db/external-settings.ts'
import { type DebianCluster, startDebianCluster } from '../platform/postgres-server/debian-cluster.fixture.ts'
import { openExternalDatabase } from './external-database.ts'

const migrations = join(import.meta.dirname, '..', 'migrations')
let cluster: DebianCluster
const log: string[] = []
beforeAll(async () => {
  cluster = await startDebianCluster()
  await cluster.sql("create role claviger_owner login createrole password 'first'")
})
afterAll(() => cluster?.close())

const made: string[] = []
/** A new database; one of ours at a time, since roles are shared by all. */
async function fresh(owner = 'claviger_owner', how = ''): Promise<string> {
  const name = `claviger_${made.length + 1}`
  made.push(name)
  await cluster.sql(`create database ${name} owner ${owner} ${how}`)
  return name
}
/** Each test begins like a cluster that never saw us. */
afterEach(async () => {
  for (const name of made) await cluster.sql(`drop database if exists ${name} with (force)`)
  for (const role of ['server', 'gateway', 'keeper']) await cluster.sql(`drop role if exists claviger_${role}`)
  await cluster.sql("alter role claviger_owner password 'first'")
})
const open = async (url: string, secretFile?: string) => {
  const settings = readExternalDatabase({ DATABASE_URL: url, CLAVIGER_DATABASE_SECRET_FILE: secretFile })
  if (!settings.ok || !settings.value) throw new Error('a URL was not read')
  return await openExternalDatabase(settings.value, { migrations, log: (line) => log.push(line) })
}
const refusal = async (url: string) => {
  const opened = await open(url)
  return opened.ok ? 'opened' : opened.error
}
const who = async (connection: pg.ClientConfig): Promise<string> => {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query('select current_user as me')).rows[0].me
  } finally {
    await client.end()
  }
}

describe('on Debian’s PostgreSQL 15', () => {
  test('two servers that start at the same moment migrate once, make the roles once, and both come in', async () => {
    const name = await fresh()
    const url = cluster.url('claviger_owner', 'first', name)
    const opened = await Promise.all([open(url), open(url), open(url)])
    const ok = opened.map((o) => {
      if (!o.ok) throw new Error(o.error)
      return o.value
    })
    expect(ok.map((o) => o.migrated.length).sort((a, b) => a - b)).toEqual([0, 0, readdirSync(migrations).length])
    for (const { connection } of ok)
      for (const role of ['server', 'gateway', 'keeper'] as const) expect(await who(connection(role))).toBe(`claviger_${role}`)
    expect(await cluster.sql("select count(*)::int as n from pg_stat_activity where usename = 'claviger_owner'")).toEqual([{ n: 0 }])
    // a start changes no password that works: nodes that run are not disturbed
    const before = await cluster.sql('select rolname, rolpassword from pg_authid order by 1')
    expect(await refusal(url)).toBe('opened')
    expect(await cluster.sql('select rolname, rolpassword from pg_authid order by 1')).toEqual(before)
  })

  test('a new password in the URL is a new one for all roles, said aloud; with a secret of their own they keep theirs', async () => {
    const name = await fresh()
    await open(cluster.url('claviger_owner', 'first', name))
    await cluster.sql("alter role claviger_owner password 'second'")
    log.length = 0
    expect(await refusal(cluster.url('claviger_owner', 'second', name))).toBe('opened')
    expect(log.filter((line) => line.includes('was set anew'))).toHaveLength(3)

    const folder = mkdtempSync(join(tmpdir(), 'claviger-secret-'))
    writeFileSync(join(folder, 'secret'), 'y'.repeat(64))
    await open(cluster.url('claviger_owner', 'second', name), join(folder, 'secret'))
    await cluster.sql("alter role claviger_owner password 'first'")
    log.length = 0
    const again = await open(cluster.url('claviger_owner', 'first', name), join(folder, 'secret'))
    rmSync(folder, { recursive: true })
    expect(again.ok).toBe(true)
    expect(log).toEqual([])
  })

  test('what an administrator of PostgreSQL must do is said as SQL, and is enough', async () => {
    await cluster.sql("create role plain_owner login password 'plain'")
    const name = await fresh('plain_owner')
    const url = cluster.url('plain_owner', 'plain', name)
    const first = await refusal(url)
    expect(first).toContain('may not make them')
    const statements = first.split('\n').slice(1)
    expect(statements).toHaveLength(3)
    for (const statement of statements) await cluster.sql(statement)
    expect(await refusal(url)).toBe('opened')
    // somebody set another password meanwhile
    await cluster.sql("alter role claviger_keeper password 'other'")
    const second = await refusal(url)
    expect(second).toContain('may not set it')
    for (const statement of second.split('\n').slice(1)) await cluster.sql(statement)
    expect(await refusal(url)).toBe('opened')
  })
})

describe('refuses, and says what to do,', () => {
  test('where nothing answers, for a wrong password and for a database that is not there', async () => {
    expect(await refusal(`postgres://o:p@127.0.0.1:1/claviger`)).toContain('Nothing answers at 127.0.0.1:1')
    expect(await refusal(cluster.url('claviger_owner', 'wrong', 'postgres'))).toContain('refuses the password of claviger_owner')
    expect(await refusal(cluster.url('claviger_owner', 'first', 'nowhere'))).toContain('create database "nowhere"')
  })

  test('a database of somebody else, without having touched it', async () => {
    const name = await fresh()
    await cluster.sql('create table invoices (id int)', name)
    expect(await refusal(cluster.url('claviger_owner', 'first', name))).toContain('holds something else (table invoices)')
    expect(await cluster.sql("select 1 from pg_roles where rolname = 'claviger_server'")).toEqual([])
  })

  test('a role that may make nothing there, and one that did not make what is there', async () => {
    const name = await fresh()
    await cluster.sql("create role guest login createrole password 'guest'")
    expect(await refusal(cluster.url('guest', 'guest', name))).toContain('may not make tables')
    await open(cluster.url('claviger_owner', 'first', name))
    expect(await refusal(cluster.url('guest', 'guest', name))).toContain('permission denied for database')
    await cluster.sql(`grant connect on database ${name} to guest`)
    expect(await refusal(cluster.url('guest', 'guest', name))).toContain('belong to another role')
  })

  test('a database that a newer release prepared', async () => {
    const name = await fresh()
    const url = cluster.url('claviger_owner', 'first', name)
    await open(url)
    await cluster.sql("insert into migration (name, sha256) values ('9999-later.sql', 'x')", name)
    expect(await refusal(url)).toContain('newer Claviger (it has 9999-later.sql)')
  })

  test('a second Claviger on one PostgreSQL server, and roles that have powers', async () => {
    const [one, two] = [await fresh(), await fresh()]
    await open(cluster.url('claviger_owner', 'first', one))
    expect(await refusal(cluster.url('claviger_owner', 'first', two))).toContain('belongs to another Claviger')
    await cluster.sql('alter role claviger_gateway createdb')
    expect(await refusal(cluster.url('claviger_owner', 'first', one))).toContain('has powers over the server')
  })

  test('an encoding in which names would be lost', async () => {
    const name = await fresh('claviger_owner', "encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0")
    expect(await refusal(cluster.url('claviger_owner', 'first', name))).toContain('encoded in SQL_ASCII')
  })
})
