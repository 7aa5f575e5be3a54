import * as product from '../../../../server/src/keeper/authority/holding-rule.ts'
import { ok } from '../../../../server/src/kernel/result.ts'

export * from '../../../../server/src/keeper/authority/holding-rule.ts'

/** A keeper that lets an account go free whatever its last holder knows. */
export const holding: typeof product.holding = async (c) => (c.after.state === 'free' ? ok(undefined) : await product.holding(c))
