import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { vector } from '../../../scripts/docs/page.ts'
import { custodianFile, encryptToCustodian, isCustodianKey } from '../../../server/src/platform/crypto/custodian-key.ts'
import { newP256Identity, openP256File } from './p256.ts'

const { identity, recipient } = newP256Identity()
const seal = async (text: string, to = recipient) => custodianFile(await encryptToCustodian(to, Buffer.from(text)))

describe('a file that the server encrypted to a P-256 key', () => {
  test('opens with its private half, whatever stands around that in its file', async () => {
    expect(openP256File(`# public key: ${recipient}\n${identity}\n`, `${await seal('clvs-…')}\n`)?.toString()).toBe('clvs-…')
  })

  test('is another one each time', async () => expect(await seal('the same')).not.toBe(await seal('the same')))

  test('opens with no other key', async () => {
    expect(openP256File(newP256Identity().identity, await seal('clvs-…'))).toBeUndefined()
    expect(openP256File('no key at all', await seal('clvs-…'))).toBeUndefined()
  })

  test('does not open with any byte of it changed, or cut off', async () => {
    const bytes = await encryptToCustodian(recipient, Buffer.from('clvs-…'))
    for (let at = 0; at < bytes.length; at++) {
      const spoilt = Buffer.from(bytes)
      spoilt[at] = (bytes[at] ?? 0) ^ 1
      const text = `-----BEGIN CLAVIGER P-256 FILE-----\n${spoilt.toString('base64')}\n-----END CLAVIGER P-256 FILE-----`
      if (openP256File(identity, text)) expect.fail(`byte ${at} changed unseen`)
      const short = `-----BEGIN CLAVIGER P-256 FILE-----\n${bytes.subarray(0, at).toString('base64')}\n-----END CLAVIGER P-256 FILE-----`
      if (openP256File(identity, short)) expect.fail(`cut off at ${at} unseen`)
    }
  })
})

test('the test vectors in docs/formats.md open', () => {
  const point = Buffer.from(vector('p256-public').slice(5), 'base64url')
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  const d = Buffer.from(vector('p256-private'), 'hex').toString('base64url')
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d, x, y }, format: 'jwk' }).export({ format: 'pem', type: 'pkcs8' })
  expect(openP256File(String(key), vector('p256-file'))?.toString()).toBe('two custodians open it')
})

const point = Buffer.from(recipient.slice(5), 'base64url')
const off = Buffer.from(point)
off[64] = (off[64] ?? 0) ^ 1
test.each([
  ['a point that is not on the curve', `p256-${off.toString('base64url')}`],
  ['a point in another form', `p256-${Buffer.concat([Buffer.of(2), point.subarray(1)]).toString('base64url')}`],
  ['one that is too short', recipient.slice(0, -1)],
  ['the same key in another spelling', `${recipient.slice(0, -1)}${String.fromCharCode(recipient.charCodeAt(86 + 5) + 1)}`],
  ['the private half', identity],
])('no key of a custodian is %s', (_what, key) => expect(isCustodianKey(key)).toBe(false))

test('keys of age are keys of custodians as well, where age may be used', () =>
  expect(isCustodianKey('age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p')).toBe(true))
