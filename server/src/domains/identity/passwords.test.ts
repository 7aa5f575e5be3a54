import { describe, expect, test } from 'vitest'
import { createPasswords, pbkdf2 } from './passwords.ts'

const passwords = await createPasswords()

test('a verifier is argon2id with salt, and matches its password alone', async () => {
  const verifier = await passwords.verifierOf('correct horse battery staple')
  expect(verifier).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(verifier).not.toBe(await passwords.verifierOf('correct horse battery staple'))
  expect(await passwords.matches(verifier, 'correct horse battery staple')).toBe(true)
  expect(await passwords.matches(verifier, 'correct horse battery stapler')).toBe(false)
})

test('a password typed on another keyboard, with its accents composed otherwise, is the same', async () => {
  const verifier = await passwords.verifierOf('crème brûlée au café')
  expect(await passwords.matches(verifier, 'crème brûlée au café'.normalize('NFD'))).toBe(true)
})

test.each([
  ['none', undefined],
  ['an empty one', ''],
  ['no verifier at all', 'plain text'],
  ['one that would take four gigabytes', `$argon2id$v=19$m=4194304,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
  ['one of another kind', `$argon2i$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
])('nothing matches %s', async (_what, verifier) => expect(await passwords.matches(verifier, 'plain text')).toBe(false))

test('too many at once are turned away instead of waiting without end, and later ones are served', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => passwords.matches(undefined, 'x')))
  expect(answers.filter((a) => a === undefined)).toHaveLength(36)
  expect(await passwords.matches(undefined, 'x')).toBe(false)
})

test('of a password and what a verifier begins with comes the verifier, and of another password another one', async () => {
  const verifier = await passwords.verifierOf('crème brûlée au café')
  const opening = verifier.slice(0, verifier.lastIndexOf('$') + 1)
  expect(await passwords.verifierAfter(opening, 'crème brûlée au café'.normalize('NFD'))).toBe(verifier)
  expect(await passwords.verifierAfter(opening, 'crème brûlée au lait')).not.toBe(verifier)
})

test.each([
  ['none', undefined],
  ['an empty one', ''],
  ['one that would take four gigabytes', `$argon2id$v=19$m=4194304,t=2,p=1$${'A'.repeat(22)}$`],
  ['a whole verifier', `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
])("after %s comes nobody's verifier, at our own cost", async (_what, opening) => {
  const made = await passwords.verifierAfter(opening, 'plain text')
  expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(made?.split('$').at(-2)).not.toBe('A'.repeat(22))
})

describe('in the FIPS profile', () => {
  test('a verifier is PBKDF2 with salt, and matches its password alone', async () => {
    const approved = await createPasswords(pbkdf2)
    const verifier = await approved.verifierOf('correct horse battery staple')
    expect(verifier).toMatch(/^\$pbkdf2-sha256\$i=600000\$/)
    expect(verifier).not.toBe(await approved.verifierOf('correct horse battery staple'))
    expect(await approved.matches(verifier, 'correct horse battery staple')).toBe(true)
    expect(await approved.matches(verifier, 'correct horse battery stapler')).toBe(false)
    expect(await approved.matches(undefined, 'correct horse battery staple')).toBe(false)
    expect(await approved.verifierAfter(verifier.slice(0, verifier.lastIndexOf('$') + 1), 'correct horse battery staple')).toBe(verifier)
  })

  test('a verifier of one way matches nothing in the other, and none with fewer rounds does', async () => {
    const approved = await createPasswords(pbkdf2)
    const slow = await approved.verifierOf('the same password')
    expect(await approved.matches(await passwords.verifierOf('the same password'), 'the same password')).toBe(false)
    expect(await passwords.matches(slow, 'the same password')).toBe(false)
    expect(await approved.matches(slow.replace('600000', '1'), 'the same password')).toBe(false)
  })
})
