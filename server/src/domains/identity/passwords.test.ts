import { expect, test } from 'vitest'
import { createPasswords } from './passwords.ts'

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
