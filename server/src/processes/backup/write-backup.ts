import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ArchiveFile, pieceBytes, writeArchive } from '../../platform/archive/write-archive.ts'
import { encryptStream } from '../../platform/crypto/age-stream.ts'
import { sha256, sha256OfParts } from '../../platform/crypto/hash.ts'
import { openSnapshot, type Snapshot } from '../../platform/db/dump-tables.ts'
import type { DbConnection } from '../../platform/db/open-db.ts'
import { type BackupHead, type BackupManifest, type BackupMember, headFile, manifestFile, signatureFile } from './manifest.ts'
import { memberOf } from './member.ts'

export interface BackupPlan {
  id: string
  /** Whose database it is: the role that owns the tables. */
  database: DbConnection
  /** The keeper's folder, and that of the recordings where they shall be in it. */
  keeper: string
  recordings: string | undefined
  recipients: readonly string[]
  /** Where it shall lie at the end. */
  file: string
  node: string
  version: string
}

export interface WrittenBackup {
  bytes: number
  sha256: string
  head: BackupHead
  manifest: BackupManifest
}

export interface BackupDeps {
  /** The signature over a manifest's digest by the ledger's key, base64. Throws when it is refused. */
  sign(digest: string): Promise<string>
  /** The installation's ledger and the key that signs it. */
  log: string
  verifierKey: string
  progress(done: { bytes: number; of: number }): void
}

/**
 * Writes one backup: everything in the database at one moment, and the escrow as it is after that moment, so that no credential of which the
 * database tells is missing in either. It lies under a temporary name until it is whole and on the disk.
 *
 * Not in it: what opens the seal. A backup and its recipient's identity together open no credential.
 */
export async function writeBackup(plan: BackupPlan, deps: BackupDeps): Promise<WrittenBackup> {
  const temporary = `${plan.file}.part`
  await rm(temporary, { force: true })
  // before the moment of the database: it must not say more than that holds
  const checkpoint = steady(join(plan.keeper, 'checkpoint'))
  const snapshot = await openSnapshot(plan.database)
  try {
    const made: { head?: BackupHead; manifest?: BackupManifest } = {}
    const files = filesOf(plan, deps, snapshot, checkpoint, made)
    const cipher = await encryptStream(plan.recipients, writeArchive(files))
    const written = await writeOut(temporary, cipher)
    await rename(temporary, plan.file)
    await syncFolder(dirname(plan.file))
    if (!made.head || !made.manifest) throw new Error('the backup has no manifest')
    return { ...written, head: made.head, manifest: made.manifest }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await snapshot.close().catch(() => undefined)
  }
}

async function* filesOf(
  plan: BackupPlan,
  deps: BackupDeps,
  snapshot: Snapshot,
  checkpoint: Buffer | undefined,
  made: { head?: BackupHead; manifest?: BackupManifest },
): AsyncGenerator<ArchiveFile> {
  const members: BackupMember[] = []
  const note = (member: BackupMember) => members.push(member)
  const { id, node, version, keeper, recordings } = plan
  const { log, verifierKey } = deps
  const { at, migrations, tables } = snapshot
  const head: BackupHead = {
    ...{ v: 1, id, log, verifierKey, at: at.toISOString(), node, version, recordings: recordings !== undefined },
    migrations: [...migrations],
    tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
  }
  const first = Buffer.from(JSON.stringify(head), 'utf8')
  yield { name: headFile, bytes: first }
  note({ name: headFile, pieces: 1, bytes: first.length, sha256: sha256(first).toString('hex'), rows: null })

  let done = 0
  const counted = async function* (files: AsyncIterable<ArchiveFile>): AsyncGenerator<ArchiveFile> {
    for await (const file of files) {
      yield file
      done += file.bytes.length
      deps.progress({ bytes: done, of: snapshot.bytes })
    }
  }
  for (const table of tables) yield* counted(memberOf(`database/${table.name}`, snapshot.copy(table), note, true))
  const ledger = await snapshot.ledger()
  if (checkpoint) yield* memberOf('keeper/checkpoint', some(checkpoint), note)
  // after the moment of the database: what was escrowed since is worth more than it
  yield* counted(memberOf('keeper/escrow.jsonl', fileNow(join(keeper, 'escrow.jsonl')), note))
  for (const name of recordings === undefined ? [] : recordingsIn(recordings))
    yield* counted(memberOf(`recordings/${name}`, fileNow(join(recordings ?? '', name)), note))

  const manifest: BackupManifest = { v: 1, id, members, ledger: { size: ledger.size, checkpoint: ledger.note } }
  const bytes = Buffer.from(JSON.stringify(manifest), 'utf8')
  yield { name: manifestFile, bytes }
  yield { name: signatureFile, bytes: Buffer.from(`${await deps.sign(sha256(bytes).toString('hex'))}\n`, 'utf8') }
  made.head = head
  made.manifest = manifest
}

const recordingsIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((n) => /^rec_[a-z0-9]{10}\.clvr$/.test(n)) : []

const fileIfThere = (path: string): Buffer | undefined => (existsSync(path) ? readFileSync(path) : undefined)

/** The keeper writes its checkpoint over in place, so what was read may be of two of them: read until it is the same twice. */
function steady(path: string): Buffer | undefined {
  let last = fileIfThere(path)
  for (let tries = 0; tries < 20; tries++) {
    const again = fileIfThere(path)
    if (again === undefined || last?.equals(again)) return again
    last = again
  }
  return last
}

/** As long as it is now: what is appended meanwhile is the next backup's. */
async function* fileNow(path: string): AsyncGenerator<Uint8Array> {
  const size = existsSync(path) ? statSync(path).size : 0
  if (size > 0) yield* createReadStream(path, { end: size - 1, highWaterMark: pieceBytes })
}

async function* some(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function writeOut(file: string, cipher: AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const digest = sha256OfParts()
  let bytes = 0
  const handle = await open(file, 'wx', 0o640)
  try {
    for await (const part of cipher) {
      digest.update(part)
      bytes += part.length
      await handle.write(part)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { bytes, sha256: digest.hex() }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
