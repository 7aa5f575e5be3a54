import { readEntry } from '../../../keeper/ledger/entry.ts'
import type { PersonId } from '../../../kernel/id.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { entryById } from '../../audit/index.ts'

/**
 * Whether an entry may be one that says that this person views this session in this way: what it is not is refused at once. The keeper, which signed it, says whether it is, before it gives
 * the key for it.
 */
export async function saysThatTheyView(
  db: Db,
  entry: string,
  { session, person, how }: { session: string; person: PersonId; how: string },
): Promise<boolean> {
  const row = await entryById(db, entry)
  const read = row && readEntry(row.bytes)
  return read?.act === 'recording.viewed' && read.by === person && read.fields.session === session && read.fields.how === how
}
