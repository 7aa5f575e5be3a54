import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import { type House, must, openHouse } from '../../domains/identity/test/house.ts'
import { Secret } from '../../kernel/secret.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import { readPin } from '../../platform/pkcs11/read-pin.ts'
import { type SoftToken, softToken } from '../../platform/pkcs11/test/soft-token.ts'
import { askToken } from '../../platform/pkcs11/token.ts'
import type { KeeperLife } from '../life.ts'
import { copyOf, handedOut, movedTo, newSet, offer, startOn } from '../test/ceremony.ts'
import { entryActs } from '../test/entry-acts.ts'
import { readRecord } from './installation.ts'
import type { HsmPlace } from './kinds/hsm-place.ts'

/*
 * The root key goes into an HSM (SoftHSM) and comes out of it again: by itself at every start, never without the token and its PIN, and whoever has
 * the database, the folder or another token opens nothing.
 */

let house: House
let life: KeeperLife
let soft: SoftToken
let hsm: HsmPlace
let folder: string
let pinFile: string
const lives: KeeperLife[] = []
const remove: (() => void)[] = []

beforeAll(async () => {
  soft = softToken()
  const work = mkdtempSync(join(tmpdir(), 'claviger-pin-'))
  remove.push(soft.remove, () => rmSync(work, { recursive: true, force: true }))
  pinFile = join(work, 'pin')
  givePin(soft.pin)
  hsm = {
    ...{ module: soft.module, token: soft.token, environment: soft.environment, limitMs: 120_000 },
    program: join(import.meta.dirname, '../../platform/pkcs11/token-program.ts'),
    pinIn: pinFile,
    pin: () => readPin(pinFile),
  }
  house = await openHouse({ hsm })
  life = house.life
  folder = house.inside.context.folder.path('')
})
afterEach(() => {
  for (const other of lives.splice(0)) other.end()
})
afterAll(async () => {
  for (const other of lives) other.end()
  await house?.close()
  for (const each of remove) each()
})

const givePin = (pin: string, file = pinFile) => {
  rmSync(file, { force: true })
  writeFileSync(file, `${pin}\n`, { mode: 0o400 })
}
/** With a PIN of its own: what other starts of this test still try must not be given it. */
const withOwnPin = (pin: string): HsmPlace => {
  const file = `${pinFile}-${randomToken(6)}`
  givePin(pin, file)
  return { ...hsm, pinIn: file, pin: () => readPin(file) }
}
const copy = (of = folder): string => {
  const made = copyOf(of)
  remove.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}
const start = async (on: string, place: HsmPlace | undefined = hsm): Promise<KeeperLife> => {
  const other = await startOn(house.keeperPool, on, undefined, { hsm: place })
  lives.push(other)
  return other
}
const waiting = async (other: KeeperLife) => (await other.status()).waiting ?? ''
const recordNow = async () => (await house.sql('select record from vault.installation'))[0]?.record as string
const putRecord = (record: string) => house.sql('update vault.installation set record = $1', [record])
/** The facts of the record with something else wrapped, under whatever MAC it had: nobody without the root key makes one. */
const swapped = (record: string, wrapped: object) => {
  const [body = '', mac = ''] = record.split('\n')
  const facts = JSON.parse(body)
  return `${JSON.stringify({ ...facts, seal: { ...facts.seal, ...wrapped } })}\n${mac}\n`
}
const sealNow = async () => {
  const facts = readRecord(await recordNow())?.facts.seal
  if (facts?.kind !== 'pkcs11') throw new Error(`the seal is ${facts?.kind}`)
  return facts
}
/** Whether the token was not asked with a wrong PIN since somebody last logged in. */
const countIsFull = async () => {
  const { key, iv } = await sealNow()
  const asked = await askToken(hsm, Secret.fromText(soft.pin), { do: 'open', key, iv, associated: '00', although: false }, Buffer.alloc(48))
  return !asked.ok && asked.error.pin === 'accepted'
}

describe('from a key file into the HSM', () => {
  test('nothing changes while the token is away, and the sentence says what to do', async () => {
    soft.away()
    await expect(movedTo(life, 'pkcs11')).rejects.toThrow(/shows no token/)
    must(await life.dropCeremony('a test'))
    soft.back()
    expect((await start(copy())).state).toBe('open')
    expect(readRecord(await recordNow())?.facts.seal.kind).toBe('dev')
  })

  test('the key file is destroyed, and the server opens by itself, also one that has the database alone', async () => {
    await movedTo(life, 'pkcs11')
    expect(existsSync(join(folder, 'dev-root.key'))).toBe(false)
    expect(await sealNow()).toMatchObject({ token: 'claviger', serial: soft.serial })
    expect((await start(copy())).state).toBe('open')
    const empty = mkdtempSync(join(tmpdir(), 'claviger-keeper-'))
    remove.push(() => rmSync(empty, { recursive: true, force: true }))
    const second = await start(empty)
    expect(second.opened?.context.identity.log).toBe(house.inside.context.identity.log)
  })

  test('a server without the settings says which are missing', async () => {
    const lost = await startOn(house.keeperPool, copy())
    lives.push(lost)
    expect(await waiting(lost)).toContain('CLAVIGER_PKCS11_MODULE')
  })
})

describe('while the token is away', () => {
  test('the server is sealed and says why, and opens by itself when it is back', async () => {
    soft.away()
    const other = await start(copy())
    expect(other.state).toBe('sealed')
    expect(await waiting(other)).toMatch(/shows no token "claviger".*It is tried again by itself/)
    soft.back()
    await until('the server to open by itself', () => other.state === 'open')
    const acts = (await entryActs(house.keeperPool)).join('\n')
    expect(acts).toMatch(/seal\.waits .*seal\.hsm_away/)
    expect(acts).toContain('seal.unsealed')
  })

  test('another one of the same name is not given the PIN', async () => {
    soft.away()
    const serial = soft.another('theirs 1')
    const other = await start(copy())
    expect(await waiting(other)).toContain(`its serial number is ${serial}, the seal was made with ${soft.serial}`)
    // a copy of it has to be named; this is none
    expect(await waiting(await start(copy(), { ...withOwnPin('theirs 1'), serial }))).toContain('has no wrapping key of this installation')
    soft.back()
    expect(await countIsFull()).toBe(true)
  })
})

describe('a PIN that the token refuses', () => {
  test('is given once, over restarts, and the right one is noticed without any', async () => {
    const place = withOwnPin('00000000')
    const on = copy()
    const other = await start(on, place)
    expect(other.state).toBe('sealed')
    expect(await waiting(other)).toMatch(/refused the PIN in .*not given a second time/)
    expect(await countIsFull()).toBe(false)
    // somebody logs in with the token's own tool: the count is full again
    const { key, iv } = await sealNow()
    await askToken(hsm, Secret.fromText(soft.pin), { do: 'open', key, iv, associated: '00', although: true }, Buffer.alloc(48))
    expect(await waiting(await start(on, place))).toMatch(/not given a second time/)
    expect(await countIsFull()).toBe(true)
    expect(readFileSync(join(on, 'pkcs11-pin.json'), 'utf8')).not.toContain('00000000')
    givePin(soft.pin, place.pinIn)
    await until('the right PIN to be noticed', () => other.state === 'open', 90)
    expect(existsSync(join(on, 'pkcs11-pin.json'))).toBe(false)
  })

  test('is not given at all where others could read it', async () => {
    const place = withOwnPin(soft.pin)
    chmodSync(place.pinIn, 0o440)
    expect(await waiting(await start(copy(), place))).toMatch(/can be read by others/)
    rmSync(place.pinIn)
    expect(await waiting(await start(copy(), place))).toMatch(/is not there/)
    expect(await countIsFull()).toBe(true)
  })
})

describe('somebody with the database or the folder', () => {
  test('who puts another wrapped key there opens nothing by it, and the record is put right', async () => {
    const honest = await recordNow()
    const { wrapped } = await sealNow()
    const flipped = Buffer.from(wrapped, 'base64').map((byte, i) => (i === 3 ? byte ^ 1 : byte))
    await putRecord(swapped(honest, { wrapped: Buffer.from(flipped).toString('base64') }))
    expect((await start(copy())).state).toBe('open')
    expect(await recordNow()).toBe(honest)
    const on = copy()
    writeFileSync(join(on, 'installation.json'), swapped(honest, { wrapped: Buffer.from(flipped).toString('base64') }))
    expect((await start(on)).state).toBe('open')
    expect(readFileSync(join(on, 'installation.json'), 'utf8')).toBe(honest)
  })

  test('who also has the token and wraps a key of their own gets a server that stays closed', async () => {
    const honest = await recordNow()
    const key = 'ee'.repeat(16)
    const associated = Buffer.concat([
      Buffer.from([0, 0, 0, 22]),
      Buffer.from('claviger/seal/pkcs11/v1'),
      Buffer.from([0, 0, 0, 32]),
      Buffer.from(key),
    ])
    associated.writeUInt32BE('claviger/seal/pkcs11/v1'.length)
    const wanted = { do: 'make', key, associated: associated.toString('hex'), although: false } as const
    const theirs = must(await askToken(hsm, Secret.fromText(soft.pin), wanted, Buffer.alloc(32, 1)))
    const record = swapped(honest, { key, iv: theirs.iv, wrapped: theirs.bytes.toString('base64') })
    await putRecord(record)
    const on = copy()
    writeFileSync(join(on, 'installation.json'), record)
    const other = await start(on)
    expect(other.state).toBe('sealed')
    expect(await waiting(other)).toMatch(/does not fit this installation's record/)
    await putRecord(honest)
    expect((await start(copy())).state).toBe('open')
  })
})

describe('closed by somebody', () => {
  test('it stays closed over restarts, until its host opens it again', async () => {
    const on = copy()
    const other = await start(on)
    must(await other.seal({ person: null }, async () => undefined))
    expect(await waiting(other)).toMatch(/stays closed until its host opens it again: claviger unseal/)
    const again = await start(on)
    expect(again.state).toBe('sealed')
    must(await again.openAgain())
    expect(again.state).toBe('open')
    expect((await start(on)).state).toBe('open')
  })
})

describe('out of the HSM and back', () => {
  test('a new root key lies under a new key in the token, and a folder from before joins', async () => {
    const [before, stale] = [await sealNow(), copy()]
    await movedTo(life, 'pkcs11')
    const after = await sealNow()
    expect(after.key).not.toBe(before.key)
    expect((await start(copy())).state).toBe('open')
    expect((await start(stale)).state).toBe('open')
    const asked = await askToken(
      hsm,
      Secret.fromText(soft.pin),
      { do: 'open', key: before.key, iv: before.iv, associated: '00', although: false },
      Buffer.alloc(48),
    )
    // for backups of before: it is still there
    expect(asked).toMatchObject({ error: { fault: 'does_not_open' } })
  })

  test('shares count once they were typed back, and then the token opens nothing any more', async () => {
    const withToken = copy()
    const shares = await newSet(life, 3, 2)
    expect((await start(copy())).state).toBe('sealed')
    const other = await start(withToken)
    expect(other.state).toBe('sealed')
    expect(await offer(other, shares.slice(0, 2))).toBe('open')
    await handedOut(life, { goal: 'replace', to: 'pkcs11', wish: { shares: 5, threshold: 3 } }, shares.slice(0, 2))
    expect((await start(copy())).state).toBe('open')
    await movedTo(life, 'dev')
    expect((await start(copy())).state).toBe('open')
  })
})
