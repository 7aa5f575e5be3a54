import * as product from '../../../../../server/src/domains/rotation/rotation.store.ts'
import { point } from '../points.ts'

export * from '../../../../../server/src/domains/rotation/rotation.store.ts'

/** A step is noted so that it lasts. */
const noted =
  (note: typeof product.noteStep): typeof product.noteStep =>
  async (db, step) => {
    await note(db, step)
    await point(`noted ${step.state}`)
    return undefined
  }
export const noteStep = noted(product.noteStep)
export const noteStepSoon = noted(product.noteStepSoon)
