import * as product from '../../../../../server/src/domains/rotation/health.store.ts'
import { point } from '../points.ts'

export * from '../../../../../server/src/domains/rotation/health.store.ts'

/** It is noted that the target may have the candidate, and not yet committed. */
export const markSent: typeof product.markSent = async (tx, account, credential, version) => {
  await product.markSent(tx, account, credential, version)
  await point('noting sent')
}
