import { setImmediate as breathe } from 'node:timers/promises'
import type pg from 'pg'
import { ok, type Result } from '../../../kernel/result.ts'
import { randomSecretBytes } from '../../../platform/crypto/random.ts'
import { seal } from '../../../platform/crypto/sealed.ts'
import type { KeeperRefusal } from '../../contract.ts'
import type { OwnEntries } from '../../own-entries.ts'
import { refuse } from '../../refuse.ts'
import type { Ceremony } from '../../seal/ceremony-table.ts'
import { replaceRecord } from '../../seal/installation.store.ts'
import { type InstallationFacts, versionsOf, writeRecord } from '../../seal/installation.ts'
import type { Installation } from '../../seal/installation-state.ts'
import type { KeeperFolder } from '../../state/folder.ts'
import { derivationPlace } from '../derivation.ts'
import { keyFile, keyId, type LocationKey, type LocationKeys, wrapLocationKey } from '../location-keys.ts'
import { type Location, locations } from '../locations.ts'
import { upsertLocationKey } from '../vault.store.ts'
import { type After, countByKey, deleteUnused, nextUnder, putWrapped } from './rewrap.store.ts'
import { rewrapDataKey } from './rewrap-data-key.ts'
import { rewrapEscrow } from './rewrap-escrow.ts'

/** How far one location is. */
export interface KeyProgress {
  location: Location
  /** The version under which everything new is sealed. */
  version: number
  /** Older versions that are still kept, since something lies under them. */
  kept: number[]
  /** Data keys under the newest version, and under older ones. */
  done: number
  left: number
  /** Of those left, how many do not open: they were changed in the database, and keep the old key from being destroyed. */
  stuck: number
}

/** Gives location keys new versions, and seals data keys anew under them, in the background and over restarts. Secrets are not touched. */
export interface Rewrap {
  /** Makes the new versions, in one step, and begins. The root key is the caller's. */
  begin(root: Uint8Array, which: readonly Location[], by: Pick<Ceremony, 'begun' | 'confirmed'>): Promise<Result<void, KeeperRefusal>>
  /** Goes on with what a stop or a kill left; nothing where nothing is left. Where it goes on already it looks once more afterwards. */
  resume(): void
  /** Whether something is still to be sealed anew. */
  busy(): boolean
  progress(): Promise<KeyProgress[]>
  stop(): void
}

const rowsAtOnce = 200
const againMs = 60_000

export function createRewrap(deps: {
  pool: pg.Pool
  folder: KeeperFolder
  installation: Installation
  keys: LocationKeys
  prepareNote: OwnEntries['prepareNote']
  alarm: (kind: string, id: string, why: string) => void
  log: (line: string) => void
}): Rewrap {
  const { pool, folder, installation, keys, log } = deps
  let stopped = false
  let running = false
  let askedAgain = false
  let timer: NodeJS.Timeout | undefined
  const stuck = new Map<string, number>()

  const newest = (name: Location): string => keys.of(name).id
  /** Versions that are over and not destroyed yet. */
  const retired = (): LocationKey[] => (stopped ? [] : keys.all().filter((k) => keyId(k.name, k.version) !== newest(k.name)))

  /** Everything under one old key. Answers how many were sealed anew. */
  const sweep = async (old: LocationKey): Promise<number> => {
    const id = keyId(old.name, old.version)
    let [after, count, broken]: [After | undefined, number, number] = [undefined, 0, 0]
    for (;;) {
      const rows = await nextUnder(pool, id, after, rowsAtOnce)
      if (rows.length === 0 || stopped) break
      const anew = rows.flatMap((row) => {
        const next = rewrapDataKey(keys, row, row.wrapped_key)
        if (next) return [{ ...row, next }]
        broken += 1
        deps.alarm(
          'secret_version',
          row.owner_id,
          `version ${row.version} of ${row.what} does not open under ${id}: the row was changed or moved`,
        )
        return []
      })
      count += await putWrapped(pool, anew)
      after = rows.at(-1)
      await breathe()
    }
    stuck.set(id, broken)
    return count
  }

  /** Takes an old version away where nothing lies under it, and says so in the ledger in the same step. */
  const destroy = async (old: LocationKey): Promise<boolean> => {
    const { current } = versionsOf(installation.facts, old.name)
    const others = retired().filter((k) => k.name === old.name && k.version !== old.version)
    const oldest = Math.min(current, ...others.map((k) => k.version))
    const record = next(installation, { versions: { ...installation.facts.versions, [old.name]: { current, oldest } } })
    const entry = deps.prepareNote('seal.key_destroyed', { location: old.name, version: old.version })
    const unused = Symbol()
    const gone = await replaceRecord(
      pool,
      installation.record.text,
      { revision: record.facts.revision, text: record.text },
      async (client) => {
        if (!(await deleteUnused(client, old.name, old.version))) throw unused
        await entry(client)
      },
    ).catch((error: unknown) => {
      if (error === unused) return false
      throw error
    })
    if (!gone) return false
    installation.become(record, installation.key)
    folder.destroy(keyFile(old.name, old.version))
    keys.forget(old.name, old.version)
    return true
  }

  const work = async (): Promise<void> => {
    for (const old of retired()) {
      await sweep(old)
      if (stopped) return
    }
    const olds = retired()
    if (olds.length > 0) await rewrapEscrow(folder, keys, () => stopped)
    for (const old of olds) if (!stopped) await destroy(old)
  }

  const run = (): void => {
    // a round knows what was there when it began: a key that came since is the next one's
    askedAgain = running
    if (running || stopped || retired().length === 0) return
    running = true
    clearTimeout(timer)
    work()
      .catch((error: unknown) => {
        if (!stopped) log(`sealing anew under new location keys stopped, and goes on in a minute: ${String(error)}`)
      })
      .finally(() => {
        running = false
        if (askedAgain) run()
        // what did not open may be put right; the database may be back
        else if (!stopped && retired().length > 0) timer = setTimeout(run, againMs).unref()
      })
  }

  return {
    async begin(root, which, { begun, confirmed }) {
      const { facts } = installation
      const fresh = which.map((name) => ({ name, version: versionsOf(facts, name).current + 1, key: randomSecretBytes(32) }))
      const wrapped = fresh.map(({ name, version, key }) => ({ name, version, wrapped: wrapLocationKey(root, name, version, key) }))
      const versions = Object.fromEntries(
        fresh.map(({ name, version }) => [name, { current: version, oldest: versionsOf(facts, name).oldest }]),
      )
      const rooted = which.includes('system') && facts.derivation === undefined
      const derivation = rooted && seal(root, 'root', derivationPlace, keys.of('system').key).toString('base64')
      const record = next(installation, { versions: { ...facts.versions, ...versions }, ...(derivation && { derivation }) })
      const entry = deps.prepareNote(
        'seal.keys_rotated',
        { locations: fresh.map((k) => keyId(k.name, k.version)).join(' '), confirmed: confirmed?.person ?? null },
        { by: begun.person },
      )
      const written = await replaceRecord(
        pool,
        installation.record.text,
        { revision: record.facts.revision, text: record.text },
        async (client) => {
          for (const { name, version, wrapped: bytes } of wrapped) await upsertLocationKey(client, name, version, bytes)
          await entry(client)
        },
      )
      if (!written)
        return refuse(
          'seal.record_changed',
          'The record in the database (vault.installation) is not the one that this server wrote, so nothing was changed. Restart the server: it puts the record right or says what is wrong. Then begin anew.',
        )
      // a kill from here on is no loss: the next start finds the new versions in the database
      for (const key of fresh) keys.add(key)
      installation.become(record, installation.key)
      for (const { name, version, wrapped: bytes } of wrapped) folder.write(keyFile(name, version), bytes)
      run()
      return ok(undefined)
    },
    resume: run,
    busy: () => running || retired().length > 0,
    async progress() {
      const counts = await countByKey(pool)
      return locations.map((location) => {
        const { current } = versionsOf(installation.facts, location)
        const kept = retired().filter((k) => k.name === location)
        const sum = (of: (id: string) => number) => kept.reduce((n, k) => n + of(keyId(k.name, k.version)), 0)
        return {
          location,
          version: current,
          kept: kept.map((k) => k.version),
          done: counts.get(keyId(location, current)) ?? 0,
          left: sum((id) => counts.get(id) ?? 0),
          stuck: sum((id) => stuck.get(id) ?? 0),
        }
      })
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

const next = ({ key, facts }: Installation, change: Partial<InstallationFacts>) =>
  writeRecord(key, { ...facts, ...change, revision: facts.revision + 1 })
