import { ok } from '../../../kernel/result.ts'
import { splitRoot } from '../split-root.ts'
import type { SealKind } from './kind.ts'
import type { ShamirFacts } from './shamir.facts.ts'

/** The seal `shamir` splits the root key among custodians; while nobody has brought enough shares together, it is nowhere. */
export const shamir: SealKind<ShamirFacts> = {
  kind: 'shamir',
  async protect(root, { shares, threshold }) {
    const { set, digests, texts } = await splitRoot(root, shares, threshold)
    return ok({ facts: { kind: 'shamir', set, threshold, shares, digests, former: [] }, handOut: texts })
  },
}
