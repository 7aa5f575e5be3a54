import type pg from 'pg'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { open, seal } from '../../platform/crypto/sealed.ts'
import type { KeeperFolder } from '../state/folder.ts'
import type { Seal } from '../state/seal.ts'
import { insertLocationKey, readLocationKeys } from './vault.store.ts'

/**
 * - system: second factors' seeds, attestation, host keys, our certificate authority
 * - standard: credentials of accounts
 * - recordings: the keys of recordings
 * - officers: the keys of what people typed unproven; no operation opens it yet
 */
export const locations = ['system', 'standard', 'recordings', 'officers'] as const
export type Location = (typeof locations)[number]

/** The keys by location, unwrapped, in this process's memory alone. `id` is what a ciphertext names: `standard:1`. */
export type LocationKeys = Readonly<Record<Location, { id: string; key: Buffer }>>

/** Opens the location keys with the root key; makes them on the very first start. A copy stands in the keeper's folder, so that a lost table is not a lost vault. */
export async function openLocationKeys(pool: pg.Pool, folder: KeeperFolder, rootSeal: Seal): Promise<LocationKeys> {
  const stored = await readLocationKeys(pool)
  const keys: Partial<Record<Location, { id: string; key: Buffer }>> = {}
  for (const name of locations) {
    const place = { purpose: 'location-key', location: name, id: name, version: 1 }
    const copy = folder.read(`location-${name}.sealed`)
    const known = stored.find((k) => k.name === name && k.version === 1)?.wrapped
    const wrapped = copy ?? known ?? seal(rootSeal.rootKey(), 'root', place, randomSecretBytes(32))
    const opened = open(rootSeal.rootKey(), place, wrapped)
    if (!opened.ok)
      throw new Error(
        `The root key does not open the location key "${name}": the data folder and the root key belong to different installations. Put back the matching one.`,
      )
    if (!copy) folder.write(`location-${name}.sealed`, wrapped)
    if (!known) await insertLocationKey(pool, name, 1, wrapped)
    keys[name] = { id: `${name}:1`, key: opened.value }
  }
  return keys as LocationKeys
}
