import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type House, must, openHouse } from '../../domains/identity/test/house.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperLife } from '../life.ts'
import { anna, copyOf, give, handedOut, newSet, newShares, offer, olaf, startOn } from '../test/ceremony.ts'
import { entryActs } from '../test/entry-acts.ts'
import { checkValue, readRecord, recordKey, writeRecord } from './installation.ts'
import { splitRoot } from './split-root.ts'

/*
 * The root key is replaced: from a key file to shares, and from these shares to others. Whatever happens in between, one of the two opens the
 * server, everything that was in the vault is in it, and whoever has the database alone changes neither.
 */

let house: House
let life: KeeperLife
let folder: string
let shares: string[]
/** The folder when the key file still counted. */
let withFile: string
const lives: KeeperLife[] = []
const copies: string[] = []

beforeAll(async () => {
  house = await openHouse()
  life = house.life
  folder = house.inside.context.folder.path('')
})
afterEach(() => {
  for (const other of lives.splice(0)) other.end()
  life.dropCeremony('a test').catch(() => undefined)
})
afterAll(async () => {
  await house?.close()
  for (const copy of copies) rmSync(copy, { recursive: true, force: true })
})

const refused = (code: string) => ({ ok: false, error: { code } })
const keep = (): string => {
  const copy = copyOf(folder)
  copies.push(copy)
  return copy
}
/** Another start, on such a copy. */
const start = async (on: string, log?: (line: string) => void): Promise<KeeperLife> => {
  const other = await startOn(house.keeperPool, on, log)
  lives.push(other)
  return other
}
const recordNow = async () => (await house.sql('select record from vault.installation'))[0]?.record as string
const tables = async () => ({
  installation: await house.sql('select revision, record from vault.installation'),
  keys: await house.sql('select name, version, wrapped from vault.location_key order by name, version'),
})
const putBack = async ({ installation, keys }: Awaited<ReturnType<typeof tables>>) => {
  for (const { revision, record } of installation)
    await house.sql('update vault.installation set revision = $1, record = $2', [revision, record])
  for (const { name, version, wrapped } of keys)
    await house.sql('update vault.location_key set wrapped = $3 where name = $1 and version = $2', [name, version, wrapped])
}

/** A record that says it came after the one that counts, under a root key and shares of the attacker's own. */
const madeUp = async () => {
  const record = readRecord(await recordNow())
  if (!record) throw new Error('no record')
  const root = randomSecretBytes(32)
  const { set, threshold, shares: count, digests, texts } = await splitRoot(root, 3, 2)
  const seal = { kind: 'shamir' as const, set, threshold, shares: count, digests, former: [] }
  const former = [{ check: record.facts.check, key: Buffer.alloc(90).toString('base64'), handover: 'f'.repeat(64) }]
  const forged = writeRecord(recordKey(root), { ...record.facts, revision: 999, seal, check: checkValue(root), former })
  return { forged: forged.text, theirs: texts.toString('utf8').split('\n') }
}

describe('a ceremony', () => {
  test('takes an administrator and an officer, who are two people', async () => {
    const plan = newShares(3, 2)
    expect(await life.beginCeremony(plan, { person: 'per_cccccccccc', groups: ['engineers'] })).toMatchObject(
      refused('ceremony.not_authorised'),
    )
    const both = { person: anna.person, groups: ['administrators', 'security'] }
    const { ticket } = must(await life.beginCeremony(plan, both))
    expect(await life.goOn(ticket)).toMatchObject(refused('ceremony.not_confirmed'))
    expect(await life.confirmCeremony(both)).toMatchObject(refused('ceremony.same_person'))
    expect(await life.confirmCeremony({ person: 'per_cccccccccc', groups: ['approvers'] })).toMatchObject(refused('ceremony.not_both'))
    must(await life.dropCeremony(anna.person))
    must(await life.beginCeremony(plan, anna))
    expect(await life.confirmCeremony({ ...anna, person: 'per_cccccccccc' })).toMatchObject(refused('ceremony.not_both'))
    must(await life.confirmCeremony(olaf))
    must(await life.dropCeremony(olaf.person))
  })

  test('is one at a time, and goes on only where it was begun', async () => {
    const { ticket } = must(await life.beginCeremony(newShares(3, 2), anna))
    expect(await life.beginCeremony(newShares(3, 2), olaf)).toMatchObject(refused('ceremony.under_way'))
    must(await life.confirmCeremony(olaf))
    expect(await life.goOn('somebody else')).toMatchObject(refused('ceremony.other_ticket'))
    must(await life.dropCeremony(anna.person))
    expect(await life.goOn(ticket)).toMatchObject(refused('ceremony.none'))
    must(await life.beginCeremony(newShares(3, 2), anna))
    house.later(31 * 60_000)
    expect((await life.status()).ceremony).toBeNull()
  })
})

describe('from a key file to shares', () => {
  test('the file opens the server although somebody with the database made up a record that came after', async () => {
    const honest = await tables()
    const { forged, theirs } = await madeUp()
    await house.sql('update vault.installation set revision = 999, record = $1', [forged])
    const other = await start(keep())
    expect(other.state).toBe('open')
    expect(await offer(other, theirs)).toBe('seal.open')
    expect(await tables()).toEqual(honest)
  })

  test('the file opens the server until each new share was typed back, and then it is destroyed', async () => {
    const fresh = await handedOut(life, newShares(3, 2))
    expect(fresh).toHaveLength(3)
    for (const share of fresh.slice(0, 2)) must(await give(life, share))
    expect(await give(life, fresh[0] ?? '')).toMatchObject(refused('seal.share_duplicate'))
    withFile = keep()
    const before = await start(copyAgain(withFile))
    expect(before.state).toBe('open')
    expect(must(await give(life, fresh[2] ?? ''))).toMatchObject({ done: true })
    expect(existsSync(join(folder, 'dev-root.key'))).toBe(false)
    shares = fresh
    const after = await start(keep())
    expect(after.state).toBe('sealed')
    expect(await offer(after, shares.slice(1))).toBe('open')
    expect(after.opened?.context.identity.log).toBe(house.inside.context.identity.log)
  })

  test('a copy of the file opens nothing any more, and does not bring the old record back', async () => {
    const now = await recordNow()
    const on = copyAgain(withFile)
    const other = await start(on)
    expect(other.state).toBe('sealed')
    expect(await recordNow()).toBe(now)
    expect(await offer(other, shares.slice(0, 2))).toBe('open')
    expect(existsSync(join(on, 'dev-root.key'))).toBe(false)
    expect(await recordNow()).toBe(now)
  })
})

describe('new shares', () => {
  let before: string[]
  let stale: string
  let earlier: Awaited<ReturnType<typeof tables>>

  test('need enough of the old ones, and each new one typed back; until then the old ones open the server', async () => {
    before = shares
    stale = keep()
    earlier = await tables()
    const { ticket } = must(await life.beginCeremony(newShares(4, 3), anna))
    must(await life.confirmCeremony(olaf))
    must(await give(life, before[0] ?? ''))
    expect(await life.goOn(ticket)).toMatchObject(refused('ceremony.shares_missing'))
    expect(await give(life, before[0] ?? '')).toMatchObject(refused('seal.share_duplicate'))
    must(await give(life, before[2] ?? ''))
    const { handOut } = must(await life.goOn(ticket))
    shares = (await handOut?.use('show-once-to-owner', (bytes) => Buffer.from(bytes).toString('utf8').split('\n'))) ?? []
    expect(await life.goOn(ticket)).toMatchObject(refused('ceremony.handed_out'))
    expect(await give(life, before[1] ?? '')).toMatchObject(refused('ceremony.share_of_before'))
    for (const share of shares.slice(0, 3)) expect(must(await give(life, share)).done).toBe(false)
    expect(await offer(await start(keep()), before.slice(0, 2))).toBe('open')
    expect(await offer(await start(keep()), shares.slice(0, 3))).toBe('seal.share_other_set')
    expect(must(await give(life, shares[3] ?? '')).done).toBe(true)
  })

  test('open it from then on, and the old ones have a sentence of their own', async () => {
    const other = await start(keep())
    expect(await offer(other, before)).toBe('seal.share_older')
    expect(await offer(other, shares.slice(1))).toBe('open')
  })

  test('open it also where the server died before its folder knew of them; the old ones do not, and bring nothing back', async () => {
    const now = await recordNow()
    expect(await offer(await start(copyAgain(stale)), before.slice(0, 2))).toBe('seal.replaced')
    expect(await recordNow()).toBe(now)
    const died = copyAgain(stale)
    expect(await offer(await start(died), shares.slice(0, 3))).toBe('open')
    expect(await recordNow()).toBe(now)
    // and now it knows
    expect(await offer(await start(died), before)).toBe('seal.share_older')
  })

  test('stay the ones that count when record and keys of before are put back into the database', async () => {
    const now = await tables()
    await putBack(earlier)
    const acts = (await entryActs(house.keeperPool)).length
    const other = await start(keep())
    expect(await offer(other, before)).toBe('seal.share_older')
    expect(await offer(other, shares.slice(0, 3))).toBe('open')
    expect((await entryActs(house.keeperPool)).slice(acts).join('\n')).toMatch(/alarm\.seal/)
    expect(await tables()).toEqual(now)
  })

  test('are not taken from a later record that somebody with the database made up', async () => {
    const honest = await tables()
    const { forged, theirs } = await madeUp()
    await house.sql('update vault.installation set revision = 999, record = $1', [forged])
    const log: string[] = []
    const on = keep()
    expect(await offer(await start(on), theirs)).toBe('seal.does_not_open')
    // the custodians' own shares are heard all the same, and put the row right
    const acts = (await entryActs(house.keeperPool)).length
    expect(await offer(await start(on, (line) => log.push(line)), shares.slice(0, 3))).toBe('open')
    expect((await entryActs(house.keeperPool)).slice(acts).join('\n')).toMatch(/alarm\.seal .*vault\.installation was changed/)
    expect(await tables()).toEqual(honest)
  })

  test('do not count when somebody changed the record meanwhile', async () => {
    const honest = await tables()
    const fresh = await handedOut(life, newShares(2, 2), shares.slice(0, 3))
    must(await give(life, fresh[0] ?? ''))
    await house.sql(`update vault.installation set record = replace(record, '"setupOpen":true', '"setupOpen":false')`)
    expect(await give(life, fresh[1] ?? '')).toMatchObject(refused('seal.record_changed'))
    await putBack(honest)
    expect(await offer(await start(keep()), shares.slice(0, 3))).toBe('open')
  })

  test('do not count when the database cannot write them', async () => {
    const honest = await tables()
    await house.sql(
      `create function full_disk() returns trigger language plpgsql as $$ begin raise 'could not extend file: No space left on device'; end $$`,
    )
    await house.sql('create trigger full_disk before insert or update on vault.location_key for each row execute function full_disk()')
    try {
      const fresh = await handedOut(life, newShares(2, 2), shares.slice(0, 3))
      must(await give(life, fresh[0] ?? ''))
      expect(await give(life, fresh[1] ?? '')).toMatchObject(refused('ceremony.not_written'))
    } finally {
      await house.sql('drop trigger full_disk on vault.location_key')
    }
    expect(await tables()).toEqual(honest)
    expect(await offer(await start(keep()), shares.slice(0, 3))).toBe('open')
  })

  test('count although the folder cannot be written: the next start puts it right', async () => {
    const blocked = join(folder, 'installation.json.new')
    mkdirSync(blocked)
    const old = shares
    shares = await newSet(life, 3, 2, shares.slice(0, 3))
    rmSync(blocked, { recursive: true })
    expect(house.alarms.join('\n')).toMatch(/folder does not know of the new root key yet/)
    const on = keep()
    expect(await offer(await start(on), shares.slice(0, 2))).toBe('open')
    expect(await offer(await start(on), old)).toBe('seal.share_older')
  })

  test('are chosen again after that, by a server whose folder fell behind', async () => {
    shares = await newSet(life, 3, 2, shares.slice(0, 2))
    expect(await offer(await start(keep()), shares.slice(0, 2))).toBe('open')
    // several changes behind: the folder of the first shares still joins
    expect(await offer(await start(copyAgain(stale)), shares.slice(0, 2))).toBe('open')
  })

  test('open it with new location keys as well, for which they are asked', async () => {
    const { ticket } = must(await life.beginCeremony({ goal: 'rotate', locations: ['standard', 'system'] }, anna))
    must(await life.confirmCeremony(olaf))
    expect(await life.goOn(ticket)).toMatchObject(refused('ceremony.shares_missing'))
    for (const share of shares.slice(0, 2)) must(await give(life, share))
    must(await life.goOn(ticket))
    await expect.poll(() => house.inside.context.rewrap.busy()).toBe(false)
    expect(await offer(await start(keep()), shares.slice(0, 2))).toBe('open')
    // and with those, a new root key takes the new versions with it
    shares = await newSet(life, 2, 2, shares.slice(0, 2))
    expect(await offer(await start(keep()), shares)).toBe('open')
  })

  test('are in the ledger, who took part included, and no share is', async () => {
    const entries = await house.entries()
    const acts = entries.map((e) => e.act)
    for (const act of [
      'seal.ceremony_begun',
      'seal.ceremony_confirmed',
      'seal.shares_made',
      'seal.share_typed_back',
      'seal.replaced',
      'seal.ceremony_dropped',
    ])
      expect(acts).toContain(act)
    expect(entries.find((e) => e.act === 'seal.replaced')).toMatchObject({
      by: anna.person,
      fields: { from: 'dev', kind: 'shamir', confirmed: olaf.person },
    })
    for (const share of shares) expect(JSON.stringify(entries)).not.toContain(share.slice(20))
  })
})

const copyAgain = (of: string): string => {
  const copy = copyOf(of)
  copies.push(copy)
  return copy
}
