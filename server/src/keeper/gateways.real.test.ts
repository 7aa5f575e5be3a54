import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must, openHouse } from '../domains/identity/test/house.ts'
import { newP256Key } from '../platform/crypto/ecdsa.ts'

let house: Awaited<ReturnType<typeof openHouse>>
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const ask = async (publicKey: Buffer, role: 'gateway' | 'api' = 'gateway') =>
  (await house.as(role)).ask('gatewayCertificate', { publicKey: publicKey.toString('base64') })

test('a gateway gets a certificate for its own key, for the names of our doors and for a day', async () => {
  const key = newP256Key()
  const { certificate, authority, validUntil } = must(await ask(key.publicKey))
  const [leaf, ca] = [new X509Certificate(certificate), new X509Certificate(authority)]
  expect(leaf.verify(ca.publicKey)).toBe(true)
  expect(leaf.checkIssued(ca)).toBe(true)
  expect(leaf.publicKey.export({ format: 'der', type: 'spki' })).toEqual(key.publicKey)
  expect(leaf.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  expect(Date.parse(validUntil) - Date.parse(leaf.validFrom)).toBeLessThanOrEqual(24 * 3_600_000 + 61_000)
  expect(must(await house.keeper.ask('status', {})).tlsCa).toBe(authority)
})

test('what is no P-256 key gets none, and neither does another process', async () => {
  expect(await ask(Buffer.from('not a key'))).toMatchObject({ ok: false, error: { code: 'certificate.key_kind' } })
  expect(await ask(newP256Key().publicKey, 'api')).toMatchObject({ ok: false })
})
