import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../../domains/identity/test/house.ts'
import { newAgeKey } from '../../platform/crypto/age.ts'
import type { ExternalDatabase } from '../../platform/db/external-settings.ts'
import { makeThrowAway } from '../../platform/db/throw-away.ts'
import { type DebianCluster, startDebianCluster } from '../../platform/postgres-server/debian-cluster.fixture.ts'
import { openEmptyDatabase } from './empty-database.ts'
import { signedText } from './manifest.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

/* A backup of the embedded database, restored into a PostgreSQL of another version that somebody else runs, by a role that owns a database and is nobody else. */

let house: House
let cluster: DebianCluster
let folder: string
let us: { identity: string; recipient: string }
const migrations = join(import.meta.dirname, '..', '..', 'migrations')
const password = 'of the owner'

const external = (): ExternalDatabase => ({
  owner: { host: '127.0.0.1', port: cluster.port, database: 'claviger', user: 'claviger_owner', password },
  secret: 'of the roles, long enough',
})
const open = (data: string) => openEmptyDatabase({ data, external: external(), migrations, log: () => undefined })
const restore = (to: string | undefined, file = 'good.age') =>
  restoreBackup(
    {
      ...{ file: join(folder, file), identities: [us.identity], database: external().owner, migrations, verifierKey: undefined, kept: [] },
      progress: () => undefined,
    },
    to === undefined ? undefined : { keeper: to, recordings: to, surviving: [], devKey: undefined, now: new Date() },
  )

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-restore-'))
  chmodSync(folder, 0o711)
  house = await openHouse()
  await house.enrolled('ann', ['administrators'])
  us = await newAgeKey()
  const { identity, notary } = house.inside.context
  await writeBackup(
    {
      ...{ id: 'bak_aaaaaaaaaa', database: house.database.connection('owner'), keeper: join(house.database.folder, 'keeper') },
      ...{ recordings: undefined, recipients: [us.recipient], file: join(folder, 'good.age'), node: 'one', version: '0' },
    },
    {
      sign: async (digest) => identity.signer.sign(Buffer.from(signedText(digest), 'utf8')).toString('base64'),
      ...{ log: identity.log, verifierKey: notary.verifierKey, progress: () => undefined },
    },
  )
  cluster = await startDebianCluster({ max_connections: '60' })
  await cluster.sql(`create role claviger_owner login createrole password '${password}'`)
  await cluster.sql("create database claviger owner claviger_owner encoding 'UTF8' template template0")
})
afterAll(async () => {
  await cluster?.close()
  await house?.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

test('a restore that fails can be tried again; one that worked is there, with the epoch that is to begin, and no other follows it', async () => {
  expect(await open(folder)).toMatchObject({ ok: true })
  const good = readFileSync(join(folder, 'good.age'))
  writeFileSync(join(folder, 'short.age'), good.subarray(0, good.length - 20))
  expect(await restore(undefined, 'short.age')).toMatchObject({ ok: false })
  expect(await open(folder)).toMatchObject({ ok: true })
  const to = join(folder, 'keeper')
  mkdirSync(to)
  expect(await restore(to)).toMatchObject({ ok: true })
  expect(JSON.parse(readFileSync(join(to, 'restored.json'), 'utf8'))).toMatchObject({ backup: 'bak_aaaaaaaaaa', anchoredTo: 0, seen: null })
  expect(existsSync(join(to, 'dev-root.key'))).toBe(false)
  expect(await cluster.sql('select name from person', 'claviger')).toEqual([{ name: 'ann' }])
  // foreign keys and triggers are there again
  await expect(cluster.sql("update ledger_entry set id = id || 'x'", 'claviger')).rejects.toThrow(/never changed/)
  await expect(cluster.sql("insert into factor select 'fac_none', 'per_none', kind, state from factor", 'claviger')).rejects.toThrow()
  expect(await open(folder)).toMatchObject({ ok: false, error: expect.stringContaining('not empty') })
})

test('a role that may not make databases cannot try its backups, and is told', async () => {
  const { owner } = external()
  await expect(makeThrowAway(owner, owner, 'claviger_backup_check')).rejects.toThrow(/permission denied to create database/)
  await cluster.sql('alter role claviger_owner createdb')
  const made = await makeThrowAway(owner, owner, 'claviger_backup_check')
  await made.drop()
  expect(await cluster.sql("select datname from pg_database where datname = 'claviger_backup_check'")).toEqual([])
})
