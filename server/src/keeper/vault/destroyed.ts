import type { Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { destructionOf } from '../facts/destruction.ts'
import type { FactContent } from '../facts/fact.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { keepFacts } from '../facts/keep-facts.ts'
import type { Notary } from '../ledger/notary.ts'

/** The destroyed versions of an account, as attested; undefined where the ledger knows of none. */
export type Destroyed = (account: string) => Promise<Result<FactContent | undefined, KeeperRefusal>>

export function createDestroyed(context: () => { facts: FactReader; notary: Notary }): Destroyed {
  const read = keepFacts('destruction', context)
  return (account) => read(destructionOf(account))
}
