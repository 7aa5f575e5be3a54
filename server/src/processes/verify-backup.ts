import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from '../kernel/result.ts'
import { readIdentities } from '../platform/crypto/age-stream.ts'
import { openEmptyDatabase } from './backup/empty-database.ts'
import { readKeptNotes } from './backup/outside-checkpoints.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import { say } from './say.ts'

export interface VerifyOptions {
  file: string
  identity: string
  checkpoint: string | undefined
  key: string | undefined
  json: boolean
}

const migrations = join(import.meta.dirname, '..', 'migrations')

/** `claviger backup verify`: restores a backup into a database of its own that is thrown away, and says whether it is good. Needs no server, and touches none. */
export async function runVerifyBackup({ file, identity, checkpoint, key, json }: VerifyOptions): Promise<void> {
  const missing = [file, identity, ...(checkpoint === undefined ? [] : [checkpoint])].find((path) => !existsSync(path))
  if (missing !== undefined) return leave(`${missing} is not there.`)
  const identities = readIdentities(readFileSync(identity, 'utf8'))
  const kept = checkpoint === undefined ? [] : readKeptNotes(readFileSync(checkpoint, 'utf8'))
  if (!identities) return leave(`${identity} holds no age identity (AGE-SECRET-KEY-1…, a line each).`)
  if (checkpoint !== undefined && kept.length === 0) return leave(`${checkpoint} holds no checkpoint.`)
  const data = mkdtempSync(join(tmpdir(), 'claviger-verify-'))
  // the database runs as another user, who must be able to pass
  chmodSync(data, 0o711)
  try {
    const database = await openEmptyDatabase({ data, external: undefined, migrations, log: () => undefined })
    if (!database.ok) return leave(database.error)
    const plan = { file, identities, verifierKey: key, kept, database: database.value.owner, migrations }
    const progress = (what: string): void => void (json || say.step(what))
    const checked = await restoreBackup({ ...plan, progress }, undefined).catch((e: unknown) =>
      fail(e instanceof Error ? e.message : String(e)),
    )
    await database.value.stop()
    if (!checked.ok) return leave(checked.error)
    const { read, ledger } = checked.value
    const { size, anchoredTo, newer } = ledger
    const after = newer ? { from: size + 1, to: newer.checkpoint.size } : null
    const { id, at, log, verifierKey } = read.head
    if (json)
      console.log(
        JSON.stringify({
          version: 1,
          verified: { backup: id, takenAt: at, log, verifierKey, entries: size, anchored: anchoredTo > 0, anchoredTo, missing: after },
        }),
      )
    else {
      say.done(`${file} is good: the backup ${id} of ${at} was restored into a database of its own, and thrown away.`)
      say.key('ledger', `${log}, ${size} entries${anchoredTo > 0 ? `, ${anchoredTo} of them anchored` : ', unanchored'}`)
      say.key('signed by', verifierKey)
      if (after) say.warn(`Entries ${after.from} to ${after.to} came after it.`)
    }
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 3 })
  }
}

function leave(why: string): void {
  say.fail(why)
  process.exitCode = 1
}
