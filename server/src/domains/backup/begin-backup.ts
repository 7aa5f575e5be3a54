import type { Keeper } from '../../keeper/client.ts'
import type { BackupId, EntryId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { isFileRecipient } from '../../platform/crypto/age-stream.ts'
import { fipsInForce } from '../../platform/crypto/fips.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { insertBackup, runningBackup } from './backup.store.ts'
import type { BackupError } from './errors.ts'

export interface BeginBackupDeps {
  db: Db
  keeper: Keeper
  node: string
  now: () => Date
  /** Has it made; it is asked again where that was not heard. */
  order(backup: { id: BackupId; recipients: readonly string[]; recordings: boolean }): void
}

/**
 * Begins one backup. The keeper decides whether it may be made, and writes the intent; a row says what became of it. `by` null: the schedule, which
 * goes to the recipients of the settings alone.
 */
export async function beginBackup(
  { db, keeper, node, now, order }: BeginBackupDeps,
  how: { recipients: readonly string[]; recordings: boolean; by: { person: PersonId; code: string } | null },
): Promise<Result<BackupId, BackupError>> {
  const recipients = [...new Set(how.recipients)]
  const { recordings, by } = how
  if (fipsInForce()) return fail({ code: 'backup.not_in_fips' })
  if (recipients.length === 0) return fail({ code: 'backup.no_recipients' })
  const wrong = recipients.find((r) => !isFileRecipient(r))
  if (wrong !== undefined) return fail({ code: 'backup.recipient_wrong', recipient: wrong })
  const inTx = db.transaction()
  // before a code is spent on it
  if (await inTx.execute((tx) => runningBackup(tx, node))) return fail({ code: 'backup.running' })
  const id = newId('bak')
  const authority = by ? ({ by: 'stepUp', ...by } as const) : ({ by: 'schedule' } as const)
  const begun = await keeper.ask('backupBegin', { backup: id, recipients, recordings, authority })
  if (!begun.ok) return begun
  const intent = begun.value.intent as EntryId
  const signed = await keeper.ask('signed', { entry: intent })
  if (!signed.ok) return signed
  const row = { id, node, at: now(), by: by?.person ?? null, intent, recipients, recordings }
  if (!(await db.transaction().execute((tx) => insertBackup(tx, row)))) return fail({ code: 'backup.running' })
  order({ id, recipients, recordings })
  return ok(id)
}
