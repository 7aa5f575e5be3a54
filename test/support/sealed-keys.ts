import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecord } from '../../server/src/keeper/seal/installation.ts'
import { readShare, type Share } from '../../server/src/keeper/seal/share-text.ts'
import { joinShares } from '../../server/src/keeper/seal/split-root.ts'
import { signerPlace } from '../../server/src/keeper/state/identity.ts'
import { keyFile, keyPlace } from '../../server/src/keeper/vault/location-keys.ts'
import { locations } from '../../server/src/keeper/vault/locations.ts'
import { deriveKey } from '../../server/src/platform/crypto/hash.ts'
import { open } from '../../server/src/platform/crypto/sealed.ts'

/** Every key that a keeper with these shares has in its memory while its seal is open, by name: what the custodians together could know. */
export async function keysOf(data: string, shares: readonly string[]): Promise<Record<string, Buffer>> {
  const read = shares.map((text): Share => {
    const share = readShare(Buffer.from(text))
    if (!share.ok) throw new Error(`a share is ${share.error}`)
    return share.value
  })
  const root = await joinShares(read)
  const folder = join(data, 'keeper')
  const opened = (place: Parameters<typeof open>[1], sealed: Uint8Array): Buffer => {
    const plain = open(root, place, sealed)
    if (!plain.ok) throw new Error(`${place.id} does not open with these shares`)
    return plain.value
  }
  const byLocation = Object.fromEntries(
    locations.map((name) => [name, opened(keyPlace(name, 1), readFileSync(join(folder, keyFile(name, 1))))]),
  )
  const record = readRecord(readFileSync(join(folder, 'installation.json'), 'utf8'))
  const { system } = byLocation
  if (!record || !system) throw new Error('there is no record')
  const derived = (...names: string[]) => Object.fromEntries(names.map((name) => [name, deriveKey(system, name)]))
  return {
    root,
    ...byLocation,
    signer: opened(signerPlace, Buffer.from(record.facts.signer, 'base64')),
    'installation record': deriveKey(root, 'claviger/installation/v1'),
    ...derived('claviger/attestation/v1', 'claviger/keeper-record/v1'),
    ...derived(...['api', 'gateway'].flatMap((role) => [`claviger/entry/v1/${role}`, `claviger/role/v1/${role}`])),
    ...Object.fromEntries(read.map((share) => [`share ${share.number}`, share.value])),
  }
}
