import { describe, expect, test } from 'vitest'
import { parsePublicKeyLine, readPrivateKeyFace } from '../../protocols/ssh-keys/index.ts'
import { newPassword, newSshKey } from './generate.ts'

const text = (length?: number) => newPassword(length).use('seal', (b) => Buffer.from(b).toString())

describe('a generated password', () => {
  test('has letters of both cases, digits and signs, and nothing that a shell, a URL or a reader takes for something else', async () => {
    const many = await Promise.all(Array.from({ length: 300 }, () => text()))
    for (const one of many) {
      expect(one).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[-_.+=~])[A-Za-z0-9\-_.+=~]{28}$/)
      expect(one).not.toMatch(/[0O1lI]/)
    }
    expect(new Set(many).size).toBe(300)
  })

  test('prefers no character: each comes about as often as any other', async () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 400; i++) for (const ch of await text()) counts.set(ch, (counts.get(ch) ?? 0) + 1)
    // 11,200 draws over 62 characters: 181 each; 6 standard deviations either way
    expect(counts.size).toBe(62)
    for (const count of counts.values()) expect(Math.abs(count - 181)).toBeLessThan(95)
  })
})

test('a generated key is a pair that OpenSSH’s own form holds', async () => {
  const { secret, publicLine } = newSshKey('claviger acc_aaaaaaaaaa')
  const line = parsePublicKeyLine(publicLine)
  const face = await secret.use('seal', (pem) => readPrivateKeyFace(pem))
  if (!line.ok || !face.ok) throw new Error('it does not parse')
  expect(Buffer.from(line.value.blob)).toEqual(Buffer.from(face.value.publicBlob))
  expect(line.value).toMatchObject({ type: 'ssh-ed25519', comment: 'claviger acc_aaaaaaaaaa' })
})
