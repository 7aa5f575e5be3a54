import * as product from '../../../../../server/src/domains/rotation/rotation.store.ts'
import { point } from '../points.ts'

export * from '../../../../../server/src/domains/rotation/rotation.store.ts'

/** A step is noted: `done` not yet committed, the others so that they last. */
export const progress: typeof product.progress = async (tx, id, step) => {
  await product.progress(tx, id, step)
  const { state } = step
  if (state === 'changed' || state === 'verified') await point(`noted ${state}`)
  if (state === 'done') await point('noting done')
}
