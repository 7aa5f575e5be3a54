import type * as product from '../../../../server/src/domains/rotation/is-replaced.ts'

export * from '../../../../server/src/domains/rotation/is-replaced.ts'

/** A server that does not wait. */
export const isReplaced: typeof product.isReplaced = async () => true
