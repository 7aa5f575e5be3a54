import * as product from '../../../../../server/src/domains/rotation/health.store.ts'
import { point } from '../points.ts'

export * from '../../../../../server/src/domains/rotation/health.store.ts'

/** It is about to be noted that the target may have the candidate. Whoever is held here is not among those that are noted together meanwhile. */
export const markSent: typeof product.markSent = async (db, sent) => {
  await point('noting sent')
  return await product.markSent(db, sent)
}
