import { createWriteStream, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { devFile } from '../../keeper/seal/kinds/dev.facts.ts'
import { openFolder } from '../../keeper/state/folder.ts'
import { type Restored, restoredFile } from '../../keeper/state/restored.ts'
import { escrowFile } from '../../keeper/vault/escrow.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { DbConnection } from '../../platform/db/open-db.ts'
import { makeTablesOf } from './empty-database.ts'
import { type CheckedLedger, type Filling, fillDatabase } from './fill-database.ts'
import { joinEscrows } from './join-escrows.ts'
import type { BackupHead } from './manifest.ts'
import type { KeptNote } from './outside-checkpoints.ts'
import { type ReadBackup, readBackup } from './read-backup.ts'
import { logOf, type Surviving } from './surviving-folder.ts'

export interface RestorePlan {
  file: string
  identities: readonly string[]
  /** Owner's connection to a database in which nothing is. */
  database: DbConnection
  migrations: string
  /** The key that the ledger is known to be signed by, where somebody wrote it down. */
  verifierKey: string | undefined
  kept: readonly KeptNote[]
  progress(what: string): void
}

export interface Checked {
  read: ReadBackup
  ledger: CheckedLedger
}

export interface RestoreTo {
  /** Folders that are there and empty. */
  keeper: string
  recordings: string
  surviving: readonly Surviving[]
  /** The key file of the seal `dev`, which is in no backup. */
  devKey: { name: string; bytes: Buffer } | undefined
  now: Date
}

/**
 * Reads a backup into an empty database and checks it: digests, signature, rows, that every row fits the others, the ledger's tree and signature,
 * and outside checkpoints. With `to`, the keeper's folder is written and everything is kept; without, nothing is.
 */
export async function restoreBackup(plan: RestorePlan, to: RestoreTo | undefined): Promise<Result<Checked, string>> {
  let filling: Filling | undefined
  const escrow = to && join(to.keeper, 'escrow.of-backup')
  const recordings: string[] = []
  const begin = async (head: BackupHead): Promise<Result<void, string>> => {
    if (plan.verifierKey !== undefined && plan.verifierKey !== head.verifierKey)
      return fail(
        `The backup is signed by ${head.verifierKey}, and you expect ${plan.verifierKey}: it is of another installation, or made up.`,
      )
    const foreign = to?.surviving.map(logOf).find((log) => log !== undefined && log !== head.log)
    if (foreign !== undefined) return fail(`The keeper's folder beside it is of ${foreign}, and the backup of ${head.log}.`)
    plan.progress('making the tables')
    const made = await makeTablesOf(head, plan.database, plan.migrations)
    if (!made.ok) return made
    const opened = await fillDatabase(plan.database, head)
    if (!opened.ok) return opened
    filling = opened.value
    return ok(undefined)
  }
  const member = async (name: string, content: AsyncIterable<Uint8Array>): Promise<Result<void, string>> => {
    const [kind = '', ...rest] = name.split('/')
    const what = rest.join('/')
    if (kind === 'database' && filling) {
      plan.progress(what)
      return await filling.table(what, content)
    }
    if (kind === 'keeper' && what === 'escrow.jsonl' && escrow) await lay(content, escrow, 0o600)
    else if (kind === 'recordings' && to && !existsSync(join(to.recordings, what))) {
      // one that lies there survived, and is as long or longer
      plan.progress(what)
      recordings.push(join(to.recordings, what))
      await lay(content, join(to.recordings, what), 0o640)
    } else for await (const _ of content);
    return ok(undefined)
  }
  try {
    const read = await readBackup(plan.file, plan.identities, { begin, member })
    if (!read.ok) return read
    if (!filling) return fail('The backup holds no database.')
    plan.progress('checking rows and ledger')
    const kept = [...plan.kept, ...(to?.surviving.flatMap((s) => s.kept) ?? [])]
    const ledger = await filling.check(read.value, kept)
    if (!ledger.ok) return ledger
    if (to && escrow) layDown(to, read.value, ledger.value, existsSync(escrow) ? [escrow] : [])
    const fits = await filling.keep()
    if (!fits.ok) return fits
    filling = undefined
    recordings.length = 0
    return ok({ read: read.value, ledger: ledger.value })
  } finally {
    await filling?.drop()
    for (const path of [...recordings, ...(escrow ? [escrow] : [])]) rmSync(path, { force: true })
  }
}

/** Into a file that is not there yet. */
const lay = (content: AsyncIterable<Uint8Array>, path: string, mode: number) =>
  pipeline(Readable.from(content, { objectMode: true }), createWriteStream(path, { flags: 'wx', mode }))

/** The keeper's folder as the keeper that opens it first shall find it. */
function layDown(to: RestoreTo, { head }: ReadBackup, ledger: CheckedLedger, escrows: readonly string[]): void {
  const folder = openFolder(to.keeper)
  joinEscrows([...escrows, ...to.surviving.map((s) => s.escrow)], folder.path(escrowFile))
  for (const { name, bytes } of to.surviving.flatMap((s) => s.keys)) folder.write(name, bytes)
  if (to.devKey) folder.write(to.devKey.name, to.devKey.bytes)
  // entries that somebody outside saw are missing: the keeper says so, and nothing opens until two officers took note
  if (ledger.newer) folder.write('checkpoint', ledger.newer.note)
  // nothing from before lasts longer on a machine whose clock is behind
  folder.write('clock', `${head.at}\n`)
  const { newer, size, anchoredTo } = ledger
  const restored: Restored = {
    ...{ v: 1, backup: head.id, takenAt: head.at, verifierKey: head.verifierKey, size, restoredAt: to.now.toISOString(), anchoredTo },
    seen: newer ? { size: newer.checkpoint.size, epoch: newer.checkpoint.epoch } : null,
  }
  folder.write(restoredFile, `${JSON.stringify(restored)}\n`)
}

/** Whether a folder has the key of the seal `dev`. */
export const hasDevKey = (folder: string): boolean =>
  openFolder(folder)
    .list()
    .some((name) => devFile.test(name))
