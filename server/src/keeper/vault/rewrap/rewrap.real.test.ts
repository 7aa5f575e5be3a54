import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type House, must, openHouse } from '../../../domains/identity/test/house.ts'
import { Secret } from '../../../kernel/secret.ts'
import { keyIdOf } from '../../../platform/crypto/sealed.ts'
import type { KeeperContext } from '../../context.ts'
import type { KeeperLife } from '../../life.ts'
import { anna, copyOf, olaf, startOn } from '../../test/ceremony.ts'
import { locations } from '../locations.ts'

/*
 * Location keys get new versions while everything that lies under them goes on to open: no secret is touched, a kill at any moment loses nothing,
 * and an old key goes only when nothing lies under it.
 */

let house: House
let life: KeeperLife
let context: KeeperContext
const lives: KeeperLife[] = []
const copies: string[] = []
const many = 300

beforeAll(async () => {
  house = await openHouse()
  life = house.life
  context = house.inside.context
  for (let i = 0; i < many; i++) await put(i)
})
afterEach(async () => {
  for (const other of lives.splice(0)) other.end()
  await life.dropCeremony('a test')
})
afterAll(async () => {
  await house?.close()
  for (const copy of copies) rmSync(copy, { recursive: true, force: true })
})

const owner = (i: number) => ({ kind: 'account', id: `acc_${String(i).padStart(10, '0')}`, what: 'password' })
const put = (i: number, escrow = i % 3 === 0, into: KeeperContext = context) =>
  into.vault.put(owner(i), 'standard', Secret.fromText(`secret number ${i}`), { state: 'current', escrow })
/** How many of them open, and are what they were. */
const opening = async (on: KeeperContext, count = many): Promise<number> => {
  let right = 0
  for (let i = 0; i < count; i++) {
    const opened = await on.vault.openState(owner(i), 'current')
    if (opened.ok && (await opened.value.secret.use('sign', (b) => Buffer.from(b).toString())) === `secret number ${i}`) right += 1
  }
  return right
}
const rotate = async (on: KeeperLife, which: readonly (typeof locations)[number][] = locations): Promise<void> => {
  const { ticket } = must(await on.beginCeremony({ goal: 'rotate', locations: which }, anna))
  must(await on.confirmCeremony(olaf))
  must(await on.goOn(ticket))
}
const worked = async (on: KeeperContext): Promise<void> => {
  // the next round by itself would come in a minute
  on.rewrap.resume()
  await expect.poll(() => on.rewrap.busy(), { timeout: 30_000 }).toBe(false)
}
const keysThere = async () =>
  (await house.sql('select name, version from vault.location_key order by name, version')).map((k) => `${k.name}:${k.version}`)
const start = async (on: string): Promise<KeeperLife> => {
  const other = await startOn(house.keeperPool, on)
  lives.push(other)
  return other
}
const keep = (): string => {
  const copy = copyOf(context.folder.path(''))
  copies.push(copy)
  return copy
}

describe('rotating location keys', () => {
  test('touches no secret, and destroys the old keys once nothing lies under them', async () => {
    const ciphertexts = await house.sql('select owner_id, what, version, ciphertext from vault.secret_version order by 1, 2, 3')
    const attested = context.keys.attest('person', { id: 'per_aaaaaaaaaa' } as never, 1)
    await rotate(life)
    expect((await context.rewrap.progress()).every((k) => k.version === 2)).toBe(true)
    expect(await opening(context)).toBe(many)
    await worked(context)
    expect(await house.sql('select owner_id, what, version, ciphertext from vault.secret_version order by 1, 2, 3')).toEqual(ciphertexts)
    expect(await keysThere()).toEqual(['officers:2', 'recordings:2', 'standard:2', 'system:2'])
    expect(context.folder.list().filter((f) => f.startsWith('location-') && !f.endsWith('-2.sealed'))).toEqual([])
    expect(await opening(context)).toBe(many)
    // what was attested before still is
    expect(context.keys.isOurs(attested)).toBe(true)
    expect(
      (await house.entries())
        .filter((e) => e.act === 'seal.key_destroyed')
        .map((e) => e.fields.location)
        .sort(),
    ).toEqual([...locations].sort())
  })

  test('seals the escrow anew as well: what the database lost comes back from it', async () => {
    const lines = readFileSync(context.folder.path('escrow.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((l) => JSON.parse(l))
    expect(new Set(lines.map((l) => keyIdOf(Buffer.from(l.wrapped, 'base64'))))).toEqual(new Set(['standard:2', 'system:2']))
    await house.sql("delete from vault.secret_version where owner_id = 'acc_0000000003'")
    const other = await start(keep())
    const back = await other.opened?.context.vault.openState(owner(3), 'candidate')
    expect(back).toMatchObject({ ok: true })
    await house.sql("update vault.secret_version set state = 'current' where owner_id = 'acc_0000000003'")
  })

  test('survives the next start, and people’s second factors with it', async () => {
    const someone = await house.enrolled('nora')
    await house.signedIn(someone)
    await rotate(life, ['system'])
    await worked(context)
    await house.signedIn(someone)
    const other = await start(keep())
    expect(await opening(other.opened?.context as KeeperContext)).toBe(many)
    expect(other.opened?.context.keys.attest('person', { id: 'x' } as never, 1)).toEqual(
      context.keys.attest('person', { id: 'x' } as never, 1),
    )
  })

  test('goes on after each kill, wherever it comes, and loses nothing', async () => {
    const folder = keep()
    const [killed, rotations] = [5, 1]
    for (let i = 0; i < killed + rotations; i++) await inAnotherProcess(folder, i < killed ? 20 + i * 70 : undefined)
    const other = await start(folder)
    const now = other.opened?.context as KeeperContext
    await worked(now)
    expect(await opening(now)).toBe(many)
    const [standard] = (await now.rewrap.progress()).filter((k) => k.location === 'standard')
    expect(standard).toMatchObject({ kept: [], left: 0, stuck: 0 })
    expect((await keysThere()).filter((k) => k.startsWith('standard'))).toEqual([`standard:${standard?.version}`])
    expect(standard?.version).toBeGreaterThanOrEqual(2 + rotations)
    life = other
    context = now
    lives.splice(lives.indexOf(other), 1)
  })
})

/** Opens, rotates, and works until it is done or killed. */
async function inAnotherProcess(folder: string, killAfterMs: number | undefined): Promise<void> {
  const script = join(import.meta.dirname, '../../test/rotate-in-process.ts')
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify({ database: house.database.connection('keeper'), folder }))
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  if (killAfterMs !== undefined) {
    // counted from when it has its keys: before that there is nothing to interrupt
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), killAfterMs))
    await ended
  } else expect(await ended).toBe(0)
}

describe('somebody with the database', () => {
  const standard = async () => (await context.rewrap.progress()).find((k) => k.location === 'standard')

  test('who puts a data key of before back keeps the old key from going; nothing is lost', async () => {
    const id = owner(5).id
    const [{ wrapped_key: before }] = (await house.sql('select wrapped_key from vault.secret_version where owner_id = $1', [id])) as [
      { wrapped_key: Buffer },
    ]
    const under = String(keyIdOf(before))
    // as if the attacker wrote while it is being sealed anew
    await house.sql(
      `create function put_back() returns trigger language plpgsql as $$ begin if new.owner_id = '${id}' then new.wrapped_key := old.wrapped_key; end if; return new; end $$`,
    )
    await house.sql('create trigger put_back before update on vault.secret_version for each row execute function put_back()')
    await rotate(life, ['standard'])
    await expect.poll(standard).toMatchObject({ left: 1 })
    // and so it stays, though it is tried again
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(await standard()).toMatchObject({ left: 1 })
    expect(await keysThere()).toContain(under)
    expect(await opening(context)).toBe(many)
    await house.sql('drop trigger put_back on vault.secret_version')
    context.rewrap.resume()
    await worked(context)
    expect(await keysThere()).not.toContain(under)
    expect(await opening(context)).toBe(many)
  })

  test('what a round left behind is looked at once more at its end, for who asked meanwhile', async () => {
    const id = owner(8).id
    await house.sql('create table put_back_once (at timestamptz)')
    await house.sql(
      `create function put_back_once() returns trigger language plpgsql security definer as $$ begin
         if new.owner_id = '${id}' and not exists (select from put_back_once) then
           insert into put_back_once values (now());
           new.wrapped_key := old.wrapped_key;
         end if;
         return new; end $$`,
    )
    await house.sql('create trigger put_back_once before update on vault.secret_version for each row execute function put_back_once()')
    await rotate(life, ['standard'])
    await worked(context)
    expect(await house.sql('select from put_back_once')).toHaveLength(1)
    expect(await opening(context)).toBe(many)
    await house.sql('drop trigger put_back_once on vault.secret_version')
  })

  test('who moves a data key to another row is told of, and the old key stays for the day it is put right', async () => {
    const [from, to] = [owner(6).id, owner(7).id]
    const [{ wrapped_key: mine }] = (await house.sql('select wrapped_key from vault.secret_version where owner_id = $1', [to])) as [
      { wrapped_key: Buffer },
    ]
    await house.sql(
      'update vault.secret_version set wrapped_key = (select wrapped_key from vault.secret_version where owner_id = $1) where owner_id = $2',
      [from, to],
    )
    const old = String(keyIdOf(mine))
    await rotate(life, ['standard'])
    await expect.poll(standard).toMatchObject({ left: 1, stuck: 1 })
    await expect.poll(async () => (await house.entries()).some((e) => e.act === 'alarm.forged_row' && e.fields.subject === to)).toBe(true)
    await house.sql('update vault.secret_version set wrapped_key = $1 where owner_id = $2', [mine, to])
    context.rewrap.resume()
    await worked(context)
    expect(await keysThere()).not.toContain(old)
    expect(await opening(context)).toBe(many)
  })

  test('who puts yesterday’s tables back loses no credential that is in the escrow', async () => {
    const rows = await house.sql(
      "select owner_kind, owner_id, what, version, wrapped_key from vault.secret_version where location = 'standard'",
    )
    await rotate(life, ['standard'])
    await worked(context)
    for (const r of rows)
      await house.sql('update vault.secret_version set wrapped_key = $1 where owner_id = $2 and what = $3 and version = $4', [
        r.wrapped_key,
        r.owner_id,
        r.what,
        r.version,
      ])
    const other = await start(keep())
    const now = other.opened?.context as KeeperContext
    const back = await now.vault.openState(owner(9), 'current')
    expect(back).toMatchObject({ ok: true })
    // and with the old key, as a backup of the whole table brings it, so would the others; here they are put right for what follows
    expect(await opening(now)).toBeLessThan(many)
  })
})
