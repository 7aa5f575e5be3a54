import { onboarding } from '@claviger/api'
import { hashRaw } from '@node-rs/argon2'
import * as kdbx from 'kdbxweb'
import { CliError } from '../../kit/exit.ts'

/** A file says itself how much memory opening it takes. KeePass asks for 64 MiB; more than this is no file of a person. */
const mostMemoryKiB = 1_048_576
// its enumerations are of the kind that our sources cannot read
const [argon2d, argon2id, argon10, argon13] = [0, 2, 0, 1] as const

kdbx.CryptoEngine.setArgon2Impl(async (password, salt, memory, iterations, length, parallelism, type, version) => {
  if (memory > mostMemoryKiB) throw new CliError('usage', 'The file asks for more than 1 GiB of memory to be opened.')
  const raw = await hashRaw(Buffer.from(password), {
    salt: Buffer.from(salt),
    ...{ memoryCost: memory, timeCost: iterations, outputLen: length, parallelism },
    algorithm: type === kdbx.CryptoEngine.Argon2TypeArgon2d ? argon2d : argon2id,
    version: version === 0x10 ? argon10 : argon13,
  })
  return Uint8Array.from(raw).buffer
})

/**
 * The entries of a KeePass file (KDBX 3 and 4), without what lies in its recycle bin: the password of each, and each attachment as a file. `kind`: of
 * the passwords, where they are something else; the user name then is the id of an API key.
 */
export async function readKdbx(bytes: Uint8Array, password: string, keyFile?: Uint8Array, kind?: string): Promise<onboarding.Read> {
  const credentials = new kdbx.Credentials(kdbx.ProtectedValue.fromString(password), keyFile ? Uint8Array.from(keyFile).buffer : null)
  const file = await kdbx.Kdbx.load(Uint8Array.from(bytes).buffer, credentials).catch((cause: unknown) => {
    if (cause instanceof CliError) throw cause
    const wrong = cause instanceof kdbx.KdbxError && cause.code === kdbx.Consts.ErrorCodes.InvalidKey
    throw new CliError('usage', wrong ? 'The password, or the key file, does not open it.' : 'This is no KeePass file that can be read.')
  })
  const read: onboarding.Read = { items: [], left: [] }
  const bin = file.meta.recycleBinUuid?.id
  const walk = (group: kdbx.KdbxGroup, path: string): void => {
    if (bin !== undefined && group.uuid.id === bin) return
    for (const entry of group.entries) {
      const text = (name: string) => {
        const value = entry.fields.get(name)
        return typeof value === 'string' ? value : (value?.getText() ?? '')
      }
      const place = { at: `${path}/${text('Title')}`, target: text('URL'), account: text('UserName') }
      // an entry that has attachments alone is no password that is missing
      if (entry.binaries.size === 0 || text('Password') !== '')
        onboarding.addItem(read, { ...place, secret: text('Password'), kind, name: text('Key id') || text('UserName') })
      for (const [name, attached] of entry.binaries)
        onboarding.addItem(read, {
          ...place,
          at: `${place.at}: ${name}`,
          secret: base64Of(attached),
          kind: 'file',
          name,
          encoding: 'base64',
        })
    }
    for (const inner of group.groups) walk(inner, `${path}/${inner.name ?? ''}`)
  }
  walk(file.getDefaultGroup(), file.getDefaultGroup().name ?? '')
  return read
}

function base64Of(attached: kdbx.KdbxBinary | kdbx.KdbxBinaryWithHash): string {
  const held = 'value' in attached ? attached.value : attached
  return Buffer.from(held instanceof kdbx.ProtectedValue ? held.getBinary() : new Uint8Array(held)).toString('base64')
}
