import { expect, test } from 'vitest'
import { parsePublicKeyLine, readPrivateKeyFace } from '../../protocols/ssh-keys/index.ts'
import { newSshKey } from './generate.ts'

test('a generated key is a pair that OpenSSH’s own form holds', async () => {
  const { secret, publicLine } = newSshKey('claviger acc_aaaaaaaaaa')
  const line = parsePublicKeyLine(publicLine)
  const face = await secret.use('seal', (pem) => readPrivateKeyFace(pem))
  if (!line.ok || !face.ok) throw new Error('it does not parse')
  expect(Buffer.from(line.value.blob)).toEqual(Buffer.from(face.value.publicBlob))
  expect(line.value).toMatchObject({ type: 'ssh-ed25519', comment: 'claviger acc_aaaaaaaaaa' })
})
