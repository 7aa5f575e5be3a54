import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { ed25519Blob, fingerprint, formatPublicKeyLine, writeEd25519PrivateKey } from '../../server/src/protocols/ssh-keys/index.ts'

export interface InitialAccount {
  name: string
  password?: string
  privateKeyFile?: string
}

export interface InitialCredentials {
  accounts: readonly InitialAccount[]
  formerAdmin: { account: string; privateKeyFile: string; fingerprint: string }
}

/**
 * What the lab's accounts start with: random, made at the first start, kept in `initial-credentials.json` (0600).
 * Claviger's takeover replaces them; the file then holds what does not work any more.
 */
export function initialCredentials(folder: string, shape: 'own-host' | 'own-account'): InitialCredentials {
  const file = join(folder, 'initial-credentials.json')
  if (!existsSync(file)) {
    const made = make(folder, shape)
    writeFileSync(`${file}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
    // whole or not at all: a start that was killed here makes new ones next time
    renameSync(`${file}.new`, file)
  }
  const read = JSON.parse(readFileSync(file, 'utf8')) as InitialCredentials
  const here = <T extends { privateKeyFile?: string }>(one: T): T =>
    one.privateKeyFile ? { ...one, privateKeyFile: join(folder, one.privateKeyFile) } : one
  return { accounts: read.accounts.map(here), formerAdmin: here(read.formerAdmin) }
}

/** Paths are relative to the folder, so that it can be moved. */
function make(folder: string, shape: 'own-host' | 'own-account'): InitialCredentials {
  mkdirSync(join(folder, 'keys'), { recursive: true, mode: 0o700 })
  const names = shape === 'own-host' ? ['root', 'deploy'] : [userInfo().username]
  const accounts = names.map((name) => {
    writeKeyPair(join(folder, 'keys', name), `${name}@web01 (initial)`)
    const password = shape === 'own-host' ? { password: randomBytes(18).toString('base64url') } : {}
    return { name, ...password, privateKeyFile: join('keys', name) }
  })
  const former = writeKeyPair(join(folder, 'keys', 'former-admin'), 'former-admin@laptop')
  return { accounts, formerAdmin: { account: names.at(-1) ?? '', privateKeyFile: join('keys', 'former-admin'), fingerprint: former } }
}

/** Writes `path` (0600) and `path.pub`; answers the fingerprint. */
export function writeKeyPair(path: string, comment: string): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  const publicKey = Buffer.from(x, 'base64url')
  const pem = writeEd25519PrivateKey({ seed: Buffer.from(d, 'base64url'), publicKey, comment, check: randomBytes(4).readUInt32BE() })
  const blob = ed25519Blob(publicKey)
  writeFileSync(path, pem, { mode: 0o600 })
  writeFileSync(`${path}.pub`, `${formatPublicKeyLine({ type: 'ssh-ed25519', blob, comment })}\n`)
  return fingerprint(blob)
}
