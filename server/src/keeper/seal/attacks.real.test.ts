import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../domains/identity/test/database.ts'
import { Secret } from '../../kernel/secret.ts'
import { openPool } from '../../platform/db/open-db.ts'
import { type KeeperLife, startKeeper } from '../life.ts'
import { entryActs } from '../test/entry-acts.ts'

/*
 * Somebody with the whole database, and nobody else's folder: every column that the installation has there, and every field of its record, changed
 * in turn. With the keeper's own folder it is seen, put right and entered as an alarm; for a server that joins with an empty folder nothing opens.
 */

let database: Awaited<ReturnType<typeof openDatabase>>
let owner: pg.Pool
let pool: pg.Pool
let honest: string
let shares: string[]
const folders: string[] = []
const lives: KeeperLife[] = []
const log: string[] = []

const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-keeper-'))
  folders.push(folder)
  return folder
}
const start = async (folder: string): Promise<KeeperLife> => {
  const life = await startKeeper({ pool, folder, log: (line) => log.push(line) })
  lives.push(life)
  return life
}
/** What the last of these shares came to: the code of the refusal that stopped them, or that it is open. */
const offer = async (life: KeeperLife, given: readonly string[]): Promise<string> => {
  for (const share of given) {
    const answer = await life.offer(Secret.fromText(share), 'a test')
    if (!answer.ok) return answer.error.code
    if (answer.value.open) return 'open'
  }
  return 'sealed'
}
const three = () => shares.slice(1, 4)

beforeAll(async () => {
  database = await openDatabase()
  owner = openPool(database.connection('owner'), 2)
  pool = openPool(database.connection('keeper'), 4)
  honest = emptyFolder()
  const life = await start(honest)
  const made = await life.initialise({ shares: 5, threshold: 3 }, 'a test')
  if (!made.ok) throw new Error(made.error.message)
  shares = await made.value.handOut.use('show-once-to-owner', (bytes) => Buffer.from(bytes).toString('utf8').split('\n'))
  expect(await offer(life, three())).toBe('open')
})
afterEach(() => {
  for (const life of lives.splice(0)) life.end()
})
afterAll(async () => {
  await pool?.end()
  await owner?.end()
  await database?.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Lets the attacker do it, runs `during`, and puts both tables back as they were. */
async function attacked<T>(sql: string, values: unknown[], during: () => Promise<T>): Promise<T> {
  const before = await owner.query('select * from vault.installation')
  const keys = await owner.query('select * from vault.location_key')
  await owner.query(sql, values)
  try {
    return await during()
  } finally {
    await owner.query('delete from vault.installation')
    await owner.query('delete from vault.location_key')
    for (const [table, { rows }] of [
      ['installation', before],
      ['location_key', keys],
    ] as const)
      for (const row of rows)
        await owner.query(`insert into vault.${table} select * from jsonb_populate_record(null::vault.${table}, $1)`, [asJson(row)])
  }
}
const asJson = (row: Record<string, unknown>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(row).map(([k, v]) => [k, Buffer.isBuffer(v) ? `\\x${v.toString('hex')}` : v])))

const recordNow = async (): Promise<{ facts: Record<string, unknown> & { seal: Record<string, unknown> }; mac: string; text: string }> => {
  const text = (await owner.query<{ record: string }>('select record from vault.installation')).rows[0]?.record ?? ''
  const [body = '', mac = ''] = text.split('\n')
  return { facts: JSON.parse(body), mac, text }
}
const other = 'f'.repeat(64)
type Facts = Awaited<ReturnType<typeof recordNow>>['facts']

/** The attack, and what custodians hear at a server that has nothing but the database. */
const forgeries: [string, (facts: Facts) => object, string][] = [
  ['revision', (f) => ({ ...f, revision: 999 }), 'seal.does_not_open'],
  ['log', (f) => ({ ...f, log: 'claviger.dev/ledger/another' }), 'seal.does_not_open'],
  ['epoch', (f) => ({ ...f, epoch: 7 }), 'seal.does_not_open'],
  ['setupOpen', (f) => ({ ...f, setupOpen: f.setupOpen !== true }), 'seal.does_not_open'],
  ['check', (f) => ({ ...f, check: other }), 'seal.does_not_open'],
  ['signer', (f) => ({ ...f, signer: Buffer.alloc(90, 1).toString('base64') }), 'seal.does_not_open'],
  ['locations', (f) => ({ ...f, locations: ['system'] }), 'seal.does_not_open'],
  ['seal.former', (f) => ({ ...f, seal: { ...f.seal, former: ['0123456789'] } }), 'seal.does_not_open'],
  ['seal.threshold', (f) => ({ ...f, seal: { ...f.seal, threshold: 2 } }), 'seal.record_changed'],
  ['seal.shares', (f) => ({ ...f, seal: { ...f.seal, shares: 9 } }), 'seal.record_changed'],
  ['seal.digests', (f) => ({ ...f, seal: { ...f.seal, digests: Array(5).fill(other) } }), 'seal.share_forged'],
  ['seal.set', (f) => ({ ...f, seal: { ...f.seal, set: '0123456789' } }), 'seal.share_other_set'],
]

const changeRecord = 'update vault.installation set record = $1'
const forged = async (change: (facts: Facts) => object): Promise<string> => {
  const { facts, mac } = await recordNow()
  return `${JSON.stringify(change(facts))}\n${mac}\n`
}

describe('a server that joins with an empty folder', () => {
  test.each(forgeries)('does not open with %s changed', async (_, change, code) => {
    await attacked(changeRecord, [await forged(change)], async () => {
      const life = await start(emptyFolder())
      expect(await offer(life, three())).toBe(code)
      expect(life.opened).toBeUndefined()
    })
  })

  test('does not open with another MAC', async () => {
    const { facts } = await recordNow()
    await attacked(changeRecord, [`${JSON.stringify(facts)}\n${other}\n`], async () => {
      expect(await offer(await start(emptyFolder()), three())).toBe('seal.does_not_open')
    })
  })

  test('does not take the seal for one that opens by itself', async () => {
    await attacked(changeRecord, [await forged((f) => ({ ...f, seal: { kind: 'dev' } }))], async () => {
      await expect(start(emptyFolder())).rejects.toThrow('dev-root.key is not there')
    })
  })

  test.each([
    ['no record of ours', `update vault.installation set record = 'none'`],
    ['another version', `update vault.installation set record = replace(record, '"v":1', '"v":2')`],
    ['the row taken away', 'delete from vault.installation'],
  ])('makes no new vault over the old one: %s', async (_, sql) => {
    await attacked(sql, [], async () => {
      await expect(start(emptyFolder())).rejects.toThrow('No new vault is made over an old one')
    })
  })

  test.each([
    [
      'wrapped',
      `update vault.location_key set wrapped = set_byte(wrapped, 40, 255 - get_byte(wrapped, 40)) where name = 'standard'`,
      'standard',
    ],
    ['name', `update vault.location_key set name = 'sys' where name = 'system'`, 'system'],
    [
      'place',
      `update vault.location_key set wrapped = (select wrapped from vault.location_key where name = 'standard') where name = 'system'`,
      'system',
    ],
    ['version', `update vault.location_key set version = 2 where name = 'recordings'`, 'recordings'],
    ['the row', `delete from vault.location_key where name = 'officers'`, 'officers'],
  ])('does not open with a location key changed in %s, and says which', async (_, sql, name) => {
    await attacked(sql, [], async () => {
      const life = await start(emptyFolder())
      await life.offer(Secret.fromText(shares[0] ?? ''), 'a test')
      await life.offer(Secret.fromText(shares[1] ?? ''), 'a test')
      const last = await life.offer(Secret.fromText(shares[2] ?? ''), 'a test')
      expect(last).toMatchObject({
        ok: false,
        error: { code: 'seal.does_not_open', message: expect.stringContaining(`location key "${name}"`) },
      })
      expect(life.opened).toBeUndefined()
    })
  })

  test('opens once everything is as it was, and is the same keeper', async () => {
    const life = await start(emptyFolder())
    expect(await offer(life, three())).toBe('open')
    expect(life.opened?.context.identity.log).toBe((await recordNow()).facts.log)
  })
})

describe('the server whose folder knows better', () => {
  /** Starts on its own folder, opens, and answers what the ledger's alarms say. */
  const opensWithAlarm = async (): Promise<string> => {
    const before = (await entryActs(pool)).length
    const life = await start(honest)
    expect(await offer(life, three())).toBe('open')
    return (await entryActs(pool)).slice(before).join('\n')
  }

  test.each(forgeries.filter(([field]) => field !== 'log'))(
    'opens with its own record when %s was changed, raises an alarm and puts the row right',
    async (_, change) => {
      const { text } = await recordNow()
      await attacked(changeRecord, [await forged(change)], async () => {
        expect(await opensWithAlarm()).toMatch(/alarm\.seal .*vault\.installation was changed/)
        expect((await recordNow()).text).toBe(text)
      })
    },
  )

  test('does not start on the database of another log', async () => {
    await attacked(changeRecord, [await forged((f) => ({ ...f, log: 'claviger.dev/ledger/another' }))], async () => {
      await expect(start(honest)).rejects.toThrow('belongs to the installation')
    })
  })

  test.each([
    ['made unreadable', `update vault.installation set record = 'none'`],
    ['taken away', 'delete from vault.installation'],
  ])('raises an alarm about the row %s, and puts it back', async (_, sql) => {
    const { text } = await recordNow()
    await attacked(sql, [], async () => {
      expect(await opensWithAlarm()).toMatch(/alarm\.seal .*vault\.installation was/)
      expect((await recordNow()).text).toBe(text)
    })
  })

  test('raises an alarm about a location key that was changed, and puts it back', async () => {
    await attacked(`update vault.location_key set wrapped = '\\x00' where name = 'system'`, [], async () => {
      expect(await opensWithAlarm()).toMatch(/alarm\.seal .*location key \\?"system\\?" in the database was changed/)
      const { rows } = await owner.query("select octet_length(wrapped) as n from vault.location_key where name = 'system'")
      expect(rows[0].n).toBeGreaterThan(60)
    })
  })

  test('goes by its own record when an older one of ours is put back', async () => {
    const { text, facts } = await recordNow()
    const life = await start(honest)
    expect(await offer(life, three())).toBe('open')
    await life.opened?.context.installation.change({ epoch: Number(facts.epoch) + 1 })
    life.end()
    const newer = (await recordNow()).text
    await owner.query(changeRecord, [text])
    const again = await start(honest)
    expect(await offer(again, three())).toBe('open')
    expect(again.opened?.context.identity.epoch).toBe(Number(facts.epoch) + 1)
    expect((await recordNow()).text).toBe(newer)
  })
})

test('columns that nobody reads change nothing', async () => {
  await attacked("update vault.installation set revision = 12345, changed_at = now() - interval '9 years'", [], async () => {
    expect(await offer(await start(emptyFolder()), three())).toBe('open')
  })
})
