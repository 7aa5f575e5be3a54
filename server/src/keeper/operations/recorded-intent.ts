import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { SignedEntry } from '../ledger/recent-entries.ts'
import { refuse } from '../refuse.ts'

/** The intent must be in the ledger, and have no outcome yet, before any secret leaves for it. */
export async function intentIsRecorded(
  context: KeeperContext,
  intent: string,
  field: string,
  value: string,
): Promise<Result<SignedEntry, KeeperRefusal>> {
  const recorded = (await context.notary.whenSigned(intent, 5_000)) ? context.notary.signedEntry(intent) : undefined
  return recorded?.phase === 'intent' && !recorded.closed && recorded.fields[field] === value
    ? ok(recorded)
    : refuse('keeper.no_intent', 'The ledger has no intent for this. Start it again.')
}
