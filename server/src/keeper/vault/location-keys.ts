import type pg from 'pg'
import { sameBytes } from '../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { open, seal } from '../../platform/crypto/sealed.ts'
import { versionsOf } from '../seal/installation.ts'
import type { Installation } from '../seal/installation-state.ts'
import { KeyMisfit } from '../seal/key-misfit.ts'
import type { KeeperFolder } from '../state/folder.ts'
import { type Location, locations } from './locations.ts'
import { insertLocationKey, putLocationKey, readLocationKeys } from './vault.store.ts'

export interface LocationKey {
  name: Location
  version: number
  key: Buffer
}

/** The keys by location and version, unwrapped, in this process's memory alone. The id is what a ciphertext names: `standard:1`. */
export interface LocationKeys {
  has(name: string): name is Location
  /** The one under which something new is sealed. Throws once the seal was closed: nothing is ever sealed under a wiped key. */
  of(name: Location): { id: string; key: Buffer }
  /** The one that a ciphertext names; undefined when it was destroyed, or made at another server since this one was opened. */
  byId(id: string): Buffer | undefined
  all(): readonly LocationKey[]
  /** A later version: from now on the one to seal under. It is kept elsewhere already. */
  add(key: LocationKey): void
  /** Forgets a version under which nothing is sealed any more. */
  forget(name: Location, version: number): void
  wipe(): void
}

export const keyId = (name: string, version: number): string => `${name}:${version}`
export const keyPlace = (name: string, version: number) => ({ purpose: 'location-key', location: name, id: name, version })
export const keyFile = (name: string, version: number): string => `location-${name}${version === 1 ? '' : `-${version}`}.sealed`

/**
 * Opens the location keys with the root key. A copy stands in the keeper's folder, so that a lost table is not a lost vault, and what somebody
 * changed in the table is put back. One that the record names and that is nowhere is never made anew.
 */
export async function openLocationKeys(
  pool: pg.Pool,
  folder: KeeperFolder,
  root: Uint8Array,
  installation: Pick<Installation, 'facts' | 'change'>,
  alarm: (id: string, why: string) => void,
): Promise<LocationKeys> {
  const keys: LocationKey[] = []
  for (const name of locations) {
    if (!installation.facts.locations.includes(name)) await addLocation(pool, root, name)
    const { current, oldest } = versionsOf(installation.facts, name)
    for (let version = oldest; version <= current; version++)
      keys.push({ name, version, key: await openOne(pool, folder, root, name, version, alarm) })
    keys.push(...(await openLate(pool, folder, root, name, oldest)))
  }
  const missing = locations.filter((name) => !installation.facts.locations.includes(name))
  if (missing.length > 0) await installation.change({ locations: [...installation.facts.locations, ...missing] })
  return keyring(keys)
}

export function keyring(first: readonly LocationKey[]): LocationKeys {
  let keys = [...first]
  let wiped = false
  return {
    has: (name): name is Location => keys.some((k) => k.name === name),
    of(name) {
      const newest = keys.filter((k) => k.name === name).sort((a, b) => b.version - a.version)[0]
      if (wiped || !newest) throw new Error('the seal was closed')
      return { id: keyId(name, newest.version), key: newest.key }
    },
    byId: (id) => (wiped ? undefined : keys.find((k) => keyId(k.name, k.version) === id)?.key),
    all() {
      if (wiped) throw new Error('the seal was closed')
      return keys
    },
    add(key) {
      keys.push(key)
    },
    forget(name, version) {
      keys.find((k) => k.name === name && k.version === version)?.key.fill(0)
      keys = keys.filter((k) => !(k.name === name && k.version === version))
    },
    wipe() {
      wiped = true
      for (const { key } of keys) key.fill(0)
    },
  }
}

async function openOne(
  pool: pg.Pool,
  folder: KeeperFolder,
  root: Uint8Array,
  name: Location,
  version: number,
  alarm: (id: string, why: string) => void,
): Promise<Buffer> {
  const called = version === 1 ? `"${name}"` : `"${name}" (version ${version})`
  const known = (await readLocationKeys(pool)).find((k) => k.name === name && k.version === version)?.wrapped
  const copy = folder.read(keyFile(name, version))
  const opened = openFirst(root, name, version, [copy, known])
  if (!opened)
    throw new KeyMisfit(
      copy || known
        ? `The root key does not open the location key ${called}: the data folder, the database and the root key belong to different installations, or the key was changed. Put back the matching one.`
        : `The location key ${called} is neither in the database (vault.location_key) nor in the keeper's folder. Put either back from a backup: without it nothing in that part of the vault opens.`,
    )
  const { key, wrapped } = opened
  if (!copy?.equals(wrapped)) folder.write(keyFile(name, version), wrapped)
  if (!known?.equals(wrapped)) {
    if (known) alarm(name, `the location key ${called} in the database was changed; the keeper put it back`)
    await putLocationKey(pool, name, version, wrapped)
  }
  return key
}

/**
 * Versions that are over, and that are still here: a server died before it took the last copy away, an older database was put back, or this server
 * slept while another one rotated. What lies under them is sealed anew, and then they go.
 */
async function openLate(pool: pg.Pool, folder: KeeperFolder, root: Uint8Array, name: Location, oldest: number): Promise<LocationKey[]> {
  const rows = await readLocationKeys(pool)
  return Array.from({ length: oldest - 1 }, (_, i) => i + 1).flatMap((version) => {
    const known = rows.find((k) => k.name === name && k.version === version)?.wrapped
    const opened = openFirst(root, name, version, [folder.read(keyFile(name, version)), known])
    return opened ? [{ name, version, key: opened.key }] : []
  })
}

/** The key in the first of these that the root key opens. */
function openFirst(
  root: Uint8Array,
  name: string,
  version: number,
  copies: readonly (Buffer | undefined)[],
): { key: Buffer; wrapped: Buffer } | undefined {
  for (const wrapped of copies) {
    if (!wrapped) continue
    const opened = open(root, keyPlace(name, version), wrapped)
    if (opened.ok) return { key: opened.value, wrapped }
  }
  return undefined
}

/** A location that came with a newer version of Claviger; of two keepers at once, the first one's key counts. */
async function addLocation(pool: pg.Pool, root: Uint8Array, name: Location): Promise<void> {
  const fresh = randomSecretBytes(32)
  await insertLocationKey(pool, name, 1, wrapLocationKey(root, name, 1, fresh))
  fresh.fill(0)
}

export const wrapLocationKey = (root: Uint8Array, name: string, version: number, key: Uint8Array): Buffer =>
  seal(root, 'root', keyPlace(name, version), key)

/** All of them, sealed under another root key; each is opened again before it counts. */
export function wrapAll(root: Uint8Array, keys: LocationKeys): { name: Location; version: number; wrapped: Buffer }[] {
  return keys.all().map(({ name, version, key }) => {
    const wrapped = wrapLocationKey(root, name, version, key)
    const again = open(root, keyPlace(name, version), wrapped)
    const same = again.ok && sameBytes(again.value, key)
    if (again.ok) again.value.fill(0)
    if (!same) throw new Error(`the location key ${keyId(name, version)} does not open again under the new root key`)
    return { name, version, wrapped }
  })
}
