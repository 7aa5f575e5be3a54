import type * as product from '../../../../../server/src/keeper/vault/escrow.ts'

export * from '../../../../../server/src/keeper/vault/escrow.ts'

/** A vault that has no escrow. */
export const openEscrow: typeof product.openEscrow = () => async () => undefined
