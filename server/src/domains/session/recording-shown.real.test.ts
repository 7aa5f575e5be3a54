import { existsSync, readdirSync, readFileSync, readlinkSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { World } from '../../keeper/test/world.ts'
import { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { openS3 } from '../../platform/object-store/index.ts'
import { keysOfStore, startS3 } from '../../platform/object-store/test/s3-server.ts'
import { NotSequenced } from '../audit/index.ts'
import { must } from '../identity/test/house.ts'
import { evidenceOf } from './recording-evidence.ts'
import { saveRecording } from './save-recording.ts'
import { storeRecordings } from './store-recordings.ts'
import { openSessions, verdictOf } from './test/session-world.ts'

const sessions = await openSessions()
const { world, deps, recordings, entries, open, ended, recordingOf, viewed } = sessions
afterAll(sessions.close)
beforeEach(sessions.granted)

describe('a recording', () => {
  const recorded = async () => {
    const live = must(await open())
    for (let i = 0; i < 3; i++) live.recorder.output(Buffer.from(`line ${i}\r\n`))
    await ended(live)
    const [row] = await world.sql('select id, file from recording where session_id = $1', [live.id])
    return { session: live.id, recording: row.id as string, path: join(recordings, `${row.id}.clvr`) }
  }

  test('is opened for whoever may, after the ledger has that they look', async () => {
    const { session, recording } = await recorded()
    expect(await verdictOf(await viewed(session))).toMatchObject({ state: 'intact', anchored: true })
    expect((await entries()).filter((e) => e.act === 'recording.viewed' && e.fields.recording === recording)).toMatchObject([
      { by: world.dave.id },
    ])
  })

  test.each<[string, (r: { recording: string; path: string }) => Promise<void>]>([
    ['cut back', async ({ path }) => truncateSync(path, readFileSync(path).length - 40)],
    [
      'cut back, and its row says that it was interrupted there',
      async ({ path, recording }) => {
        truncateSync(path, readFileSync(path).lastIndexOf('CLVC')) // the last chunk as a whole
        await world.sql(
          "update recording set state = 'interrupted', chunks = 0, head = '', manifest = null, signature = null where id = $1",
          [recording],
        )
      },
    ],
    [
      'with a byte changed',
      async ({ path }) => {
        const bytes = readFileSync(path)
        bytes[bytes.length - 30] = (bytes.at(-30) as number) ^ 1
        writeFileSync(path, bytes)
      },
    ],
  ])('says so when its file was %s', async (_what, change) => {
    const made = await recorded()
    await change(made)
    expect((await verdictOf(await viewed(made.session)))?.finding).toBeDefined()
  })

  test('is what the ledger says, whatever its row says, and its row leads to no other file', async () => {
    const { session, recording } = await recorded()
    await world.sql("update recording set file = '../../keeper/dev-root.key', manifest = '{}', chunks = 99, head = 'x' where id = $1", [
      recording,
    ])
    expect(await verdictOf(await viewed(session))).toMatchObject({ state: 'intact', anchored: true })
  })

  test('is taken to the bucket, is shown from there, and says where it was altered there', async () => {
    const s3 = await startS3()
    const place = { bucket: s3.bucket, endpoint: s3.endpoint, region: 'eu-central-1', prefix: '', pathStyle: true }
    const bucket = await openS3(place, Secret.fromText(keysOfStore), s3.dial, deps.now)
    const running = must(await open())
    const { session, recording, path } = await recorded()
    const said: string[] = []
    const carrying = storeRecordings({
      ...{ db: deps.db, audit: deps.audit, clock: world.clock, recordings, bucket, spoolBytes: 1e9, node: 'here' },
      ...{ everyMs: 100, log: (line: string) => said.push(line) },
    })
    try {
      const before = readFileSync(path)
      await expect.poll(() => [existsSync(path), said]).toEqual([false, []])
      const stored = (await entries()).filter((e) => e.act === 'recording.stored' && e.fields.recording === recording)
      expect(stored).toMatchObject([{ fields: { place: bucket.place, bytes: before.length, sha256: sha256(before).toString('hex') } }])
      expect(await world.sql('select stored_in from recording where id = $1', [recording])).toEqual([{ stored_in: bucket.place }])
      // of one that runs the file stays
      expect(readdirSync(recordings)).toContain(`${await recordingOf(running.id)}.clvr`)
      expect(await verdictOf(await viewed(session, bucket))).toMatchObject({ state: 'intact', anchored: true })
      const object = s3.file(`${recording}.clvr`)
      before[before.length - 30] = (before.at(-30) as number) ^ 1
      writeFileSync(object, before)
      const finding = (await verdictOf(await viewed(session, bucket)))?.finding
      expect(finding?.from).toBeLessThanOrEqual(before.length - 30)
      expect(finding?.to).toBeGreaterThan(before.length - 30)
    } finally {
      await carrying.stop()
      await ended(running)
      bucket.close()
      await s3.stop()
    }
  })

  test('that another server made is not here, and is said to be there; nobody is noted as having seen it', async () => {
    const { session, recording } = await recorded()
    await world.sql("insert into node_part (node, part, name, version) values ('nod_dddddddddd', 'gateway', 'other-server', '1')")
    await world.sql("update session set node = 'nod_dddddddddd' where id = $1", [session])
    const file = join(recordings, `${recording}.clvr`)
    renameSync(file, `${file}.away`)
    expect(await viewed(session)).toMatchObject({ ok: false, error: { code: 'session.recording_elsewhere', node: 'other-server' } })
    renameSync(`${file}.away`, file)
    await verdictOf(await viewed(session))
  })

  test('is not shown when its manifest was not signed by the keeper', async () => {
    const { session, recording } = await recorded()
    const [{ id, bytes }] = (await world.sql(
      `select id, bytes from ledger_entry where position($1::bytea in bytes) > 0 order by place desc limit 1`,
      [Buffer.from(`"recording":"${recording}","manifest"`)],
    )) as [{ id: string; bytes: Buffer }]
    await world.sql('alter table ledger_entry disable trigger user')
    await world.sql('update ledger_entry set bytes = $2 where id = $1', [
      id,
      Buffer.from(bytes.toString().replace('\\"chunks\\":', '\\"chunks\\":1')),
    ])
    expect(await viewed(session)).toMatchObject({ ok: false, error: { code: 'session.manifest_forged' } })
    await world.sql('update ledger_entry set bytes = $2 where id = $1', [id, bytes])
    await world.sql('alter table ledger_entry enable trigger user')
    await verdictOf(await viewed(session))
  })

  test('is closed again where the ledger does not take it that somebody views or saves it, and when a client leaves before its first byte', async () => {
    const { session, path } = await recorded()
    const held = () => {
      const links = readdirSync('/proc/self/fd').map((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`)
        } catch {
          return ''
        }
      })
      return links.filter((link) => link === path).length
    }
    const audit: World['audit'] = { ...world.audit, note: async () => Promise.reject(new NotSequenced('not in time')) }
    const saving = (by: World['audit']) =>
      saveRecording({ db: world.db, keeper: world.keeper, audit: by, recordings }, session, { person: world.dave.id })
    await expect(viewed(session, undefined, audit)).rejects.toThrow(NotSequenced)
    await expect(saving(audit)).rejects.toThrow(NotSequenced)
    expect(held()).toBe(0)
    const { body } = must(await saving(world.audit))
    expect(held()).toBe(1)
    body.destroy()
    await expect.poll(held).toBe(0)
  })

  test('finds what the ledger says of it among many entries of others, and reads no more than that', async () => {
    const { recording } = await recorded()
    const others = Array.from({ length: 4_000 }, (_, n) => ({
      event: { act: 'recording.head', fields: { recording: `rec_${String(n).padStart(10, '0')}`, chunks: n, head: 'x' }, personal: {} },
      by: null,
    }))
    await deps.audit.noteMany(others)
    await world.index.catchUp()
    // as the database does by itself after a while
    await world.sql('vacuum analyze ledger_index, ledger_entry')
    const { rows, evidence } = await world.db.transaction().execute(async (tx) => {
      const readSoFar = async () => {
        const { rows } = await sql<{ rows: string }>`select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) as rows
          from pg_stat_xact_user_tables where relname in ('ledger_entry', 'ledger_index')`.execute(tx)
        return Number(rows[0]?.rows)
      }
      const before = await readSoFar()
      const evidence = await evidenceOf({ db: tx, index: { catchUp: async () => undefined } }, recording)
      return { rows: (await readSoFar()) - before, evidence }
    })
    expect(evidence.ended?.manifest).toContain(recording)
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThan(20)
  })
})
