import type pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { keyIdOf, open, seal } from '../../platform/crypto/sealed.ts'
import type { KeeperRefusal } from '../contract.ts'
import { isIn, rangesIn } from '../facts/destruction.ts'
import type { Marks } from '../passwords/marks.ts'
import { refuse } from '../refuse.ts'
import type { KeeperFolder } from '../state/folder.ts'
import { breakGlass } from './break-glass.ts'
import type { Destroyed } from './destroyed.ts'
import type { DestroyedRecording } from './destroyed-recording.ts'
import { type Escrowed, escrowRead, openEscrow } from './escrow.ts'
import { keyId, type LocationKeys } from './location-keys.ts'
import type { Location } from './locations.ts'
import { putWrapped } from './rewrap/rewrap.store.ts'
import { rewrapDataKey } from './rewrap/rewrap-data-key.ts'
import {
  findVersion,
  insertVersion,
  lastAndTaken,
  lastVersion,
  lastVersions,
  type Owner,
  ownerKey,
  retireCandidate,
  underOtherKeys,
  type VersionRow,
} from './vault.store.ts'

export interface Opened {
  secret: Secret
  version: number
  public: string | null
}

interface HowKept {
  state: 'candidate' | 'current'
  public?: string | null
  rotation?: string | null
  escrow?: boolean
}
/** A password that was made, and how many bits it took. */
export interface Made {
  secret: Secret
  bits: number
}

/** Seals and opens secrets: location key → data key of one version → secret. Everything is bound to its place. */
export interface Vault {
  /** Adds a version. With `escrow` it is durable outside the database, too, before this answers. */
  put(owner: Owner, location: Location, secret: Secret, how: HowKept): Promise<number>
  /** Adds a candidate that this makes: anew until it is like no version that is kept of its account, and is that of no other account. */
  putFresh(owner: Owner, location: Location, make: () => Made, how: Pick<HowKept, 'rotation'>): Promise<number>
  find(owner: Owner, state: VersionRow['state']): Promise<VersionRow | undefined>
  /** Opens a row, unless it is of a version that was destroyed, however it came to lie there. */
  open(row: VersionRow): Promise<Result<Opened, KeeperRefusal>>
  openState(owner: Owner, state: VersionRow['state']): Promise<Result<Opened, KeeperRefusal>>
  /** Puts back what the escrow knows and the database lacks, as candidates to be tried on the target. Answers how many. */
  restoreFromEscrow(): Promise<number>
}

export const recordingDestroyed = (recording: string, at: string) =>
  refuse(
    'recording.destroyed',
    `This recording was destroyed on ${at.slice(0, 10)}, when its period was over. What is left is its manifest.`,
    {
      id: recording,
    },
  )

/** Of the escrow: as many are looked for in the database at once. */
const linesAtOnce = 1_000

export function createVault(deps: {
  pool: pg.Pool
  keys: LocationKeys
  folder: KeeperFolder
  now: () => Date
  /** What is kept beside the credential of an account. */
  marksOf: (what: string, secret: Uint8Array, publicLine: string | null, madeWith?: number) => Marks
  destroyed: Destroyed
  destroyedRecording: DestroyedRecording
  /** Told of a row that does not open, without being waited for. */
  alarm: (kind: string, id: string, why: string) => void
}): Vault {
  const { pool, keys, folder, now } = deps
  const escrow = openEscrow(folder)
  const place = (purpose: string, owner: Owner, location: string, version: number) => ({
    purpose,
    location,
    id: `${owner.kind}/${owner.id}/${owner.what}`,
    version,
  })

  // the public half goes to targets as the key to let in: it is bound to the secret, or a row with another one would open a door
  const purposeOf = (line: string | null) => (line === null ? 'secret' : `secret of ${sha256(line).toString('hex')}`)

  const openRow: Vault['open'] = async (row) => {
    if (row.owner_kind === 'account') {
      const destroyed = await deps.destroyed(row.owner_id)
      if (!destroyed.ok) return destroyed
      if (isIn(rangesIn(destroyed.value, row.what), row.version)) {
        deps.alarm('secret_version', row.owner_id, `version ${row.version} of ${row.what} was destroyed, and somebody put it back`)
        return refuse(
          'vault.destroyed',
          `Version ${row.version} of ${row.what} of ${row.owner_id} was destroyed, and does not open any more.`,
          {
            id: row.owner_id,
          },
        )
      }
    }
    if (row.owner_kind === 'recording') {
      const destroyed = await deps.destroyedRecording(row.owner_id)
      if (!destroyed.ok) return destroyed
      if (destroyed.value !== undefined) {
        if (row.state !== 'destroyed') deps.alarm('secret_version', row.owner_id, `the ${row.what} was destroyed, and is there again`)
        return recordingDestroyed(row.owner_id, destroyed.value)
      }
    }
    return unseal(row)
  }

  const unseal = (row: VersionRow): Result<Opened, KeeperRefusal> => {
    const owner = { kind: row.owner_kind, id: row.owner_id, what: row.what }
    const name = row.location as Location
    const broken = () => {
      deps.alarm('secret_version', row.owner_id, `version ${row.version} of ${row.what} does not open: the row was changed or moved`)
      return refuse(
        'vault.does_not_open',
        `Version ${row.version} of ${row.what} of ${row.owner_id} does not open: the row was changed or moved. Restore it from a backup or rotate from the target's side.`,
        { id: row.owner_id },
      )
    }
    if (row.location === breakGlass)
      return refuse(
        'vault.break_glass',
        'This credential is in the break-glass location, which no server can open: custodians do, with a kit (claviger breakglass open).',
        { id: row.owner_id },
      )
    if (row.state === 'destroyed' || !keys.has(name)) return broken()
    const id = keyIdOf(row.wrapped_key)
    // a row of one location that names a key of another was moved
    const key = id?.startsWith(`${name}:`) ? keys.byId(id) : undefined
    if (id && !key && keyOf(id).name === name && keyOf(id).version > keyOf(keys.of(name).id).version)
      return refuse(
        'vault.newer_key',
        'The location keys were rotated at another server of this installation, and this one does not have the new ones. Close its seal and open it anew, or restart it.',
        { id: row.owner_id },
      )
    if (!key) return broken()
    const dataKey = open(key, place('data-key', owner, name, row.version), row.wrapped_key)
    if (!dataKey.ok) return broken()
    const plain = open(dataKey.value, place(purposeOf(row.public), owner, name, row.version), row.ciphertext)
    dataKey.value.fill(0)
    return plain.ok ? ok({ secret: new Secret(plain.value), version: row.version, public: row.public }) : broken()
  }

  /** A row whose key was destroyed since its backup was made lies in the escrow under one that is there. */
  const rewrapFrom = async (lines: readonly Escrowed[]): Promise<void> => {
    const lost = await underOtherKeys(
      pool,
      keys.all().map((k) => keyId(k.name, k.version)),
    )
    const mended = lost.flatMap((row) => {
      const line = lines.find(
        (l) =>
          l.owner_kind === row.owner_kind &&
          l.owner_id === row.owner_id &&
          l.what === row.what &&
          l.version === row.version &&
          l.ciphertext.equals(row.ciphertext),
      )
      return line && keys.byId(keyIdOf(line.wrapped_key) ?? '') ? [{ ...row, next: line.wrapped_key }] : []
    })
    if (mended.length > 0) await putWrapped(pool, mended)
  }

  const insert = async (
    owner: Owner,
    location: Location,
    version: number,
    secret: Secret,
    marks: Marks | undefined,
    how: HowKept,
  ): Promise<number> => {
    const line = how.public ?? null
    // a second time where the location key was rotated, and the old one destroyed, in between
    for (let tries = 0; tries < 2; tries++) {
      const dataKey = randomSecretBytes(32)
      const { id, key } = keys.of(location)
      const row = {
        owner_kind: owner.kind,
        owner_id: owner.id,
        what: owner.what,
        version,
        location,
        state: how.state,
        public: line,
        rotation_id: how.rotation ?? null,
        wrapped_key: seal(key, id, place('data-key', owner, location, version), dataKey),
        ciphertext: await secret.lend('seal', (bytes) =>
          seal(dataKey, 'data-key', place(purposeOf(line), owner, location, version), bytes),
        ),
      }
      dataKey.fill(0)
      // escrow first: what the database is told afterwards it can lose
      if (how.escrow) await escrow(row, now())
      const inserted = await insertVersion(pool, row, keyOf(id), marks)
      if (inserted === 'there') throw new Error(`version ${version} of ${owner.kind}/${owner.id}/${owner.what} was made twice at once`)
      if (inserted === 'inserted') return version
    }
    throw new Error(
      `nothing can be sealed under the location key "${location}": it is not in vault.location_key any more. It was rotated at another server, or taken away: close the seal of this one and open it anew`,
    )
  }

  return {
    async put(owner, location, secret, how) {
      try {
        const marks =
          owner.kind === 'account' ? await secret.lend('seal', (bytes) => deps.marksOf(owner.what, bytes, how.public ?? null)) : undefined
        return await insert(owner, location, (await lastVersion(pool, owner)) + 1, secret, marks, how)
      } finally {
        secret.wipe()
      }
    },
    async putFresh(owner, location, make, { rotation = null }) {
      for (let tries = 0; tries < 20; tries++) {
        const { secret, bits } = make()
        try {
          const marks = await secret.lend('seal', (bytes) => deps.marksOf(owner.what, bytes, null, bits))
          const { last, taken } = await lastAndTaken(pool, owner, marks)
          if (!taken) return await insert(owner, location, last + 1, secret, marks, { state: 'candidate', rotation, escrow: true })
        } finally {
          secret.wipe()
        }
      }
      throw new Error(`every password that was made for ${owner.id} is in the vault already: its rule allows too few`)
    },
    find: (owner, state) => findVersion(pool, owner, state),
    open: openRow,
    async openState(owner, state) {
      let row = await findVersion(pool, owner, state)
      // sealed anew between reading and opening: its old key is gone, and the row says the new one now
      if (row?.wrapped_key && keys.byId(keyIdOf(row.wrapped_key) ?? '') === undefined) row = await findVersion(pool, owner, state)
      return row
        ? await openRow(row)
        : refuse(
            'vault.no_credential',
            `The vault has no ${state} ${owner.what} of ${owner.id}. Take the account over first: claviger rotate.`,
            { id: owner.id },
          )
    },
    async restoreFromEscrow() {
      const lines = escrowRead(folder).map((line) => ({
        ...line,
        wrapped_key: rewrapDataKey(keys, line, line.wrapped_key) ?? line.wrapped_key,
      }))
      await rewrapFrom(lines)
      let restored = 0
      const candidates = lastOfEach(lines)
      for (let from = 0; from < candidates.length; from += linesAtOnce) {
        const page = candidates.slice(from, from + linesAtOnce)
        const owners = page.map((row) => ({ kind: row.owner_kind, id: row.owner_id, what: row.what }))
        const last = await lastVersions(pool, owners)
        for (const [at, row] of page.entries()) {
          const owner = owners[at] as Owner
          if ((last.get(ownerKey(owner)) ?? 0) >= row.version) continue
          const gone = owner.kind === 'account' ? await deps.destroyed(owner.id) : ok(undefined)
          if (gone.ok && isIn(rangesIn(gone.value, owner.what), row.version)) continue
          const candidate = await findVersion(pool, owner, 'candidate')
          if (candidate) await retireCandidate(pool, owner, candidate.version)
          const under = keyOf(keyIdOf(row.wrapped_key) ?? '')
          if ((await insertVersion(pool, { ...row, state: 'candidate' }, under)) === 'inserted') restored += 1
          // the next line of the same owner may be of an older version
          last.set(ownerKey(owner), await lastVersion(pool, owner))
        }
      }
      return restored
    },
  }
}

/**
 * A candidate of which the database never heard is made anew under the same version. It is the later line that the target may have heard of: the
 * target hears of none before the database has it.
 */
const lastOfEach = (lines: readonly Escrowed[]): Escrowed[] => [
  ...new Map(lines.map((line) => [`${line.owner_kind}/${line.owner_id}/${line.what}/${line.version}`, line])).values(),
]

/** `standard:2` as what its row says. */
const keyOf = (id: string) => {
  const [name = '', version = '0'] = id.split(':')
  return { name, version: Number(version) }
}
