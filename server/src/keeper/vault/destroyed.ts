import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { destructionOf } from '../facts/destruction.ts'
import { digestOf, type FactContent } from '../facts/fact.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import type { Notary } from '../ledger/notary.ts'

/** The destroyed versions of an account, as attested; undefined where the ledger knows of none. What was read once is kept until it changes. */
export type Destroyed = (account: string) => Promise<Result<FactContent | undefined, KeeperRefusal>>

const kept = 10_000

export function createDestroyed(context: () => { facts: FactReader; notary: Notary }): Destroyed {
  const known = new Map<string, { digest: string; content: FactContent }>()
  return async (account) => {
    const { facts, notary } = context()
    const id = destructionOf(account)
    const head = notary.head('destruction', id)
    if (!head) return ok(undefined)
    const cached = known.get(id)
    if (cached?.digest === head.digest) return ok(cached.content)
    const row = await facts.read('destruction', id)
    if (!row.ok) return row
    const { content } = row.value
    if (known.size >= kept) known.clear()
    known.set(id, { digest: digestOf('destruction', content), content })
    return ok(content)
  }
}
