import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import { type House, openHouse } from '../../domains/identity/test/house.ts'
import type { KmsPlace } from '../../platform/kms/kms.ts'
import { arnOf, type KmsServer, keyId, region, startKms } from '../../platform/kms/test/kms-server.ts'
import type { KeeperLife } from '../life.ts'
import { copyOf, movedTo, startOn } from '../test/ceremony.ts'
import { readRecord } from './installation.ts'

/*
 * The root key under a key of AWS KMS, by its SDK over real HTTP, against a server of this test that speaks the service's protocol, checks signatures, and
 * binds what it encrypts to its context. It is not the service: that was not tried.
 */

let house: House
let life: KeeperLife
let server: KmsServer
let kms: KmsPlace
const lives: KeeperLife[] = []
const remove: (() => void)[] = []

beforeAll(async () => {
  server = await startKms()
  kms = {
    ...{ key: 'alias/claviger', region, endpoint: server.endpoint, environment: server.environment, limitMs: 120_000 },
    program: join(import.meta.dirname, '../../platform/kms/kms-program.ts'),
  }
  house = await openHouse({ kms })
  life = house.life
})
afterEach(() => {
  server.broken = undefined
  for (const other of lives.splice(0)) other.end()
})
afterAll(async () => {
  await house?.close()
  await server?.stop()
  for (const each of remove) each()
})

const copy = () => {
  const made = copyOf(house.inside.context.folder.path(''))
  remove.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}
const start = async (on: string, place: KmsPlace = kms): Promise<KeeperLife> => {
  const other = await startOn(house.keeperPool, on, undefined, { kms: place })
  lives.push(other)
  return other
}
const waiting = async (other: KeeperLife) => (await other.status()).waiting ?? ''
const recordNow = async () => (await house.sql('select record from vault.installation'))[0]?.record as string
const sealNow = async () => {
  const facts = readRecord(await recordNow())?.facts.seal
  if (facts?.kind !== 'aws-kms') throw new Error(`the seal is ${facts?.kind}`)
  return facts
}

describe('a root key under a key of AWS KMS', () => {
  test('opens by itself, also on a server that has the database alone, and what is asked names key and context', async () => {
    await movedTo(life, 'aws-kms')
    const facts = await sealNow()
    // an alias may be turned to another key: the record has the key itself
    expect(facts.key).toBe(arnOf(keyId))
    expect((await start(copy())).state).toBe('open')
    const empty = mkdtempSync(join(tmpdir(), 'claviger-keeper-'))
    remove.push(() => rmSync(empty, { recursive: true, force: true }))
    expect((await start(empty)).state).toBe('open')
    expect(server.asked.at(-1)).toMatchObject({
      target: 'TrentService.Decrypt',
      body: { KeyId: arnOf(keyId), EncryptionContext: { 'claviger:purpose': 'root-key', 'claviger:seal': facts.id } },
    })
  })

  test('is sealed while the service is away, refuses it or hangs, says which, and opens when it is back', async () => {
    server.broken = { type: 'AccessDeniedException', status: 400 }
    expect(await waiting(await start(copy()))).toMatch(/refuses this server .*kms:Decrypt/)
    server.broken = { type: 'DisabledException', status: 400 }
    expect(await waiting(await start(copy()))).toMatch(/disabled or waits for its deletion/)
    server.broken = { type: 'KMSInternalException', status: 500 }
    const other = await start(copy())
    expect(await waiting(other)).toMatch(/does not answer/)
    expect(other.state).toBe('sealed')
    server.broken = undefined
    await until('the server to open by itself', () => other.state === 'open')
    server.broken = 'hangs'
    expect(await waiting(await start(copy(), { ...kms, limitMs: 1500 }))).toMatch(/did not answer in time/)
    const nowhere = { ...kms, endpoint: 'http://127.0.0.1:1' }
    server.broken = undefined
    expect(await waiting(await start(copy(), nowhere))).toMatch(/does not answer at http:\/\/127\.0\.0\.1:1/)
    const nobody = { ...kms, environment: { ...kms.environment, AWS_SECRET_ACCESS_KEY: 'wrong' } }
    expect(await waiting(await start(copy(), nobody))).toMatch(/did not believe who asks \(InvalidSignatureException/)
  })

  test('is not opened by another key, under another context, or by a ciphertext that was changed', async () => {
    const honest = await recordNow()
    const spoiled = async (change: object) => {
      const [body = '', mac = ''] = honest.split('\n')
      const facts = JSON.parse(body)
      const record = `${JSON.stringify({ ...facts, seal: { ...facts.seal, ...change } })}\n${mac}\n`
      await house.sql('update vault.installation set record = $1', [record])
      const empty = mkdtempSync(join(tmpdir(), 'claviger-keeper-'))
      remove.push(() => rmSync(empty, { recursive: true, force: true }))
      return await waiting(await start(empty))
    }
    const { wrapped } = await sealNow()
    const bytes = Buffer.from(wrapped, 'base64')
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    expect(await spoiled({ id: 'ab'.repeat(16) })).toMatch(/does not open what is said to be encrypted/)
    expect(await spoiled({ wrapped: bytes.toString('base64') })).toMatch(/does not open what is said to be encrypted/)
    expect(await spoiled({ key: arnOf('99999999-12ab-34cd-56ef-1234567890ab') })).toMatch(/does not open what is said to be encrypted/)
    await house.sql('update vault.installation set record = $1', [honest])
    server.broken = 'other-key'
    expect(await waiting(await start(copy()))).toMatch(/named another key/)
    server.broken = undefined
    expect((await start(copy())).state).toBe('open')
  })

  test('goes back to a key file, and the service opens nothing any more', async () => {
    const before = copy()
    await movedTo(life, 'dev')
    const asked = server.asked.length
    expect((await start(copy())).state).toBe('open')
    expect(server.asked).toHaveLength(asked)
    await expect(start(before)).rejects.toThrow(/dev-root/)
  })
})
