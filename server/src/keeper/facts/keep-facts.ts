import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { Notary } from '../ledger/notary.ts'
import { digestOf, type FactContent, type FactKind } from './fact.ts'
import type { FactReader } from './fact-reader.ts'

const most = 10_000

/** Attested rows of a kind, each read and checked once and kept for as long as the ledger knows none later; undefined where it knows of none. */
export function keepFacts(
  kind: FactKind,
  context: () => { facts: FactReader; notary: Notary },
): (id: string) => Promise<Result<FactContent | undefined, KeeperRefusal>> {
  const kept = new Map<string, { digest: string; content: FactContent }>()
  return async (id) => {
    const { facts, notary } = context()
    const head = notary.head(kind, id)
    if (!head) return ok(undefined)
    const known = kept.get(id)
    if (known?.digest === head.digest) return ok(known.content)
    const row = await facts.read(kind, id)
    if (!row.ok) return row
    const { content } = row.value
    if (kept.size >= most) kept.clear()
    kept.set(id, { digest: digestOf(kind, content), content })
    return ok(content)
  }
}
