import * as kdbx from 'kdbxweb'
import { describe, expect, test } from 'vitest'
import { readKdbx } from './kdbx.ts'

/** A file as KeePass 2 writes it, made by the same library. */
async function file(version: 3 | 4, keyFile?: ArrayBuffer): Promise<Uint8Array> {
  const credentials = new kdbx.Credentials(kdbx.ProtectedValue.fromString('open sesame'), keyFile ?? null)
  const made = kdbx.Kdbx.create(credentials, 'Ours')
  made.setVersion(version)
  if (version === 4) made.setKdf(kdbx.Consts.KdfId.Argon2)
  const group = made.createGroup(made.getDefaultGroup(), 'Servers')
  const add = (title: string, user: string, password: string, url: string) => {
    const entry = made.createEntry(group)
    entry.fields.set('Title', title)
    entry.fields.set('UserName', user)
    entry.fields.set('Password', kdbx.ProtectedValue.fromString(password))
    entry.fields.set('URL', url)
    return entry
  }
  add('web', 'deploy', 'p<&"1é', 'ssh://web01:22')
  const vpn = add('vpn', 'ops', '', 'vpn01')
  vpn.binaries.set('ops.p12', await made.createBinary(new Uint8Array([0, 255, 10]).buffer))
  add('note', '', 'secret', '')
  made.remove(add('old', 'root', 'gone', 'web01'))
  return new Uint8Array(await made.save())
}

describe('a KeePass file', () => {
  test.each([3, 4] as const)('of version %i is read with its password, but for what was thrown away', async (version) => {
    const read = await readKdbx(await file(version), 'open sesame')
    const attached = { credential: 'file', secret: 'AP8K', encoding: 'base64', name: 'ops.p12' }
    expect(read.items).toEqual([
      { at: 'Ours/Servers/web', target: 'web01', account: 'deploy', credential: 'password', secret: 'p<&"1é' },
      { at: 'Ours/Servers/vpn: ops.p12', target: 'vpn01', account: 'ops', ...attached },
    ])
    expect(read.left).toEqual([{ at: 'Ours/Servers/note', why: 'no target, no account' }])
  })

  test('is not opened by another password, nor without its key file', async () => {
    await expect(readKdbx(await file(4), 'wrong')).rejects.toThrow('does not open it')
    // the library keeps its key in the very bytes that it is given
    const key = () => new TextEncoder().encode('a key file of thirty-two bytes..')
    const locked = await file(4, key().buffer)
    await expect(readKdbx(locked, 'open sesame')).rejects.toThrow('does not open it')
    expect((await readKdbx(locked, 'open sesame', key())).items).toHaveLength(2)
  })

  test('that is none says so', async () => {
    await expect(readKdbx(new TextEncoder().encode('Title,Password\n'), 'x')).rejects.toThrow('no KeePass file')
  })
})
