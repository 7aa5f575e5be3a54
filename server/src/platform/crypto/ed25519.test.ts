import { describe, expect, test } from 'vitest'
import { newSeed, signingKey, verifyEd25519 } from './ed25519.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

describe('Ed25519', () => {
  // RFC 8032 section 7.1, tests 1 to 3
  test.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('signs as RFC 8032 says (seed %s)', (seed, publicKey, message, signature) => {
    const key = signingKey(hex(seed))
    expect(key.publicKey).toEqual(hex(publicKey))
    expect(key.sign(hex(message))).toEqual(hex(signature))
    expect(verifyEd25519(hex(publicKey), hex(message), hex(signature))).toBe(true)
  })

  test('believes no changed signature, message or key', () => {
    const key = signingKey(newSeed())
    const message = Buffer.from('yes')
    const signature = key.sign(message)
    for (let at = 0; at < 64; at++) {
      const changed = Buffer.from(signature)
      changed[at] = (changed[at] as number) ^ 1
      expect(verifyEd25519(key.publicKey, message, changed)).toBe(false)
    }
    expect(verifyEd25519(key.publicKey, Buffer.from('no'), signature)).toBe(false)
    expect(verifyEd25519(signingKey(newSeed()).publicKey, message, signature)).toBe(false)
  })

  test.each([0, 31, 33, 64])('says no to a key of %i bytes and to a signature of any other length, and does not fail', (length) => {
    const key = signingKey(newSeed())
    expect(verifyEd25519(new Uint8Array(length), Buffer.from('x'), key.sign(Buffer.from('x')))).toBe(false)
    expect(verifyEd25519(key.publicKey, Buffer.from('x'), new Uint8Array(length))).toBe(false)
  })
})
