import { readCheckpoint } from '../../keeper/ledger/checkpoint.ts'
import { readRecord } from '../../keeper/seal/installation.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { BadArchive } from '../../platform/archive/read-archive.ts'
import { NotWhole } from '../../platform/crypto/age-stream.ts'
import { type Load, openLoad } from '../../platform/db/load-tables.ts'
import type { DbConnection } from '../../platform/db/open-db.ts'
import { Frontier, leafHash } from '../../platform/merkle/merkle.ts'
import type { BackupHead } from './manifest.ts'
import { type Compared, compareKept, type KeptNote } from './outside-checkpoints.ts'
import type { ReadBackup } from './read-backup.ts'

export interface CheckedLedger extends Compared {
  size: number
  /** What the newest checkpoint in the backup covers. */
  signedTo: number
}

export interface Filling {
  /** Takes one table's rows. */
  table(name: string, rows: AsyncIterable<Uint8Array>): Promise<Result<void, string>>
  /** Looks, once everything was read and its signature was checked, whether rows and ledger are what they should be. */
  check(read: ReadBackup, kept: readonly KeptNote[]): Promise<Result<CheckedLedger, string>>
  keep(): Promise<Result<void, string>>
  drop(): Promise<void>
}

/** Fills a database, that has the backup's tables and nothing in them, in one transaction: nothing is left of it unless it is kept. */
export async function fillDatabase(owner: DbConnection, head: BackupHead): Promise<Result<Filling, string>> {
  const load = await openLoad(owner)
  const unknown = head.tables.find(({ name, columns }) => {
    const own = load.tables.find((t) => t.name === name)
    return !own || columns.some((c) => !own.columns.includes(c))
  })
  if (unknown) {
    await load.drop()
    return fail(
      `The backup has a table ${unknown.name} with columns that its migrations do not make. It was changed, or is of another release.`,
    )
  }
  return ok({
    async table(name, rows) {
      const shape = head.tables.find((t) => t.name === name)
      if (!shape) return fail(`The backup holds rows of ${name}, which it does not name.`)
      try {
        await load.fill(shape, rows)
        return ok(undefined)
      } catch (error) {
        // about the file, and not about its rows
        if (error instanceof BadArchive || error instanceof NotWhole) throw error
        return fail(`The rows of ${name} do not fit: ${sentence(error)}.`)
      }
    },
    check: (read, kept) => check(load, head, read, kept),
    async keep() {
      try {
        await load.keep()
        return ok(undefined)
      } catch (error) {
        return fail(`The rows do not belong together: ${sentence(error)}.`)
      }
    },
    drop: () => load.drop().catch(() => undefined),
  })
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function check(load: Load, head: BackupHead, read: ReadBackup, kept: readonly KeptNote[]): Promise<Result<CheckedLedger, string>> {
  for (const table of head.tables) {
    const said = read.manifest.members.find((m) => m.name === `database/${table.name}`)?.rows ?? 0
    const there = await load.count(table)
    if (there !== said) return fail(`${table.name} has ${there} rows, and the manifest says ${said}.`)
  }
  const record = readRecord((await load.record()) ?? '')
  if (record?.facts.log !== head.log)
    return fail(`The backup says that it is of ${head.log}, and the record in it is of ${record?.facts.log ?? 'nobody'}.`)
  const newest = await load.newestCheckpoint()
  const signed = newest === undefined ? undefined : readCheckpoint(newest, read.publicKey)
  if (newest !== undefined && !signed) return fail('The newest checkpoint in the backup is not signed by the key that signed its manifest.')
  const sizes = new Set([...kept.map((k) => k.size), signed?.size ?? 0])
  const roots = new Map<number, string>()
  const tree = new Frontier()
  for await (const { place, bytes } of load.entries()) {
    if (place !== tree.size + 1) return fail(`The ledger in the backup has no entry at place ${tree.size + 1}.`)
    tree.append(leafHash(bytes))
    if (sizes.has(tree.size)) roots.set(tree.size, tree.root().toString('base64'))
  }
  if (tree.size !== read.manifest.ledger.size)
    return fail(`The ledger in the backup has ${tree.size} entries, and the manifest says ${read.manifest.ledger.size}.`)
  if (signed && signed.size > 0 && roots.get(signed.size) !== signed.root.toString('base64'))
    return fail(`The first ${signed.size} entries of the ledger in the backup are not those that were signed.`)
  const compared = compareKept(kept, { log: head.log, publicKey: read.publicKey, size: tree.size, roots })
  return compared.ok ? ok({ ...compared.value, size: tree.size, signedTo: signed?.size ?? 0 }) : compared
}
