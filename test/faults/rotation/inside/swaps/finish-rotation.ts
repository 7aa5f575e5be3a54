import * as product from '../../../../../server/src/domains/rotation/finish-rotation.ts'
import { point } from '../points.ts'

/** It is promoted, and its end is about to be noted. */
export const finishRotation: typeof product.finishRotation = async (audit, one) => {
  await point('noting done')
  return await product.finishRotation(audit, one)
}
