import type pg from 'pg'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { open, seal } from '../../platform/crypto/sealed.ts'
import type { Installation } from '../seal/installation-state.ts'
import { KeyMisfit } from '../seal/key-misfit.ts'
import type { KeeperFolder } from '../state/folder.ts'
import { insertLocationKey, putLocationKey, readLocationKeys } from './vault.store.ts'

/**
 * - system: second factors' seeds, attestation, host keys, our certificate authority
 * - standard: credentials of accounts
 * - recordings: the keys of recordings
 * - officers: the keys of what people typed unproven; no operation opens it yet
 */
export const locations = ['system', 'standard', 'recordings', 'officers'] as const
export type Location = (typeof locations)[number]

/** The keys by location, unwrapped, in this process's memory alone. `id` is what a ciphertext names: `standard:1`. */
export interface LocationKeys {
  has(name: string): name is Location
  /** Throws once the seal was closed: nothing is ever sealed under a wiped key. */
  of(name: Location): { id: string; key: Buffer }
  wipe(): void
}

export const keyPlace = (name: string) => ({ purpose: 'location-key', location: name, id: name, version: 1 })
export const keyFile = (name: string): string => `location-${name}.sealed`

/**
 * Opens the location keys with the root key. A copy stands in the keeper's folder, so that a lost table is not a lost vault, and what somebody
 * changed in the table is put back. One that the record names and that is nowhere is never made anew.
 */
export async function openLocationKeys(
  pool: pg.Pool,
  folder: KeeperFolder,
  root: Uint8Array,
  installation: Installation,
  alarm: (id: string, why: string) => void,
): Promise<LocationKeys> {
  const keys = new Map<string, Buffer>()
  for (const name of locations) {
    if (!installation.facts.locations.includes(name)) await addLocation(pool, root, name)
    const known = (await readLocationKeys(pool)).find((k) => k.name === name && k.version === 1)?.wrapped
    const copy = folder.read(keyFile(name))
    const opened = openFirst(root, name, [copy, known])
    if (!opened)
      throw new KeyMisfit(
        copy || known
          ? `The root key does not open the location key "${name}": the data folder, the database and the root key belong to different installations, or the key was changed. Put back the matching one.`
          : `The location key "${name}" is neither in the database (vault.location_key) nor in the keeper's folder. Put either back from a backup: without it nothing in that part of the vault opens.`,
      )
    const { key, wrapped } = opened
    keys.set(name, key)
    if (!copy?.equals(wrapped)) folder.write(keyFile(name), wrapped)
    if (!known?.equals(wrapped)) {
      if (known) alarm(name, `the location key "${name}" in the database was changed; the keeper put it back`)
      await putLocationKey(pool, name, 1, wrapped)
    }
  }
  const missing = locations.filter((name) => !installation.facts.locations.includes(name))
  if (missing.length > 0) await installation.change({ locations: [...installation.facts.locations, ...missing] })
  let wiped = false
  return {
    has: (name): name is Location => keys.has(name),
    of(name) {
      const key = keys.get(name)
      if (wiped || !key) throw new Error('the seal was closed')
      return { id: `${name}:1`, key }
    },
    wipe() {
      wiped = true
      for (const key of keys.values()) key.fill(0)
    },
  }
}

/** The key in the first of these that the root key opens. */
function openFirst(root: Uint8Array, name: string, copies: readonly (Buffer | undefined)[]): { key: Buffer; wrapped: Buffer } | undefined {
  for (const wrapped of copies) {
    if (!wrapped) continue
    const opened = open(root, keyPlace(name), wrapped)
    if (opened.ok) return { key: opened.value, wrapped }
  }
  return undefined
}

/** A location that came with a newer version; of two keepers at once, the first one's key counts. */
async function addLocation(pool: pg.Pool, root: Uint8Array, name: Location): Promise<void> {
  const fresh = randomSecretBytes(32)
  await insertLocationKey(pool, name, 1, seal(root, 'root', keyPlace(name), fresh))
  fresh.fill(0)
}
