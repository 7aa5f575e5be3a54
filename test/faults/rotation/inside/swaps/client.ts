import * as product from '../../../../../server/src/keeper/client.ts'
import { point } from '../points.ts'

export * from '../../../../../server/src/keeper/client.ts'

/** What of a rotation the keeper does, by operation: the steps before and after it as the api sees them. */
const steps: Partial<Record<string, [string, string]>> = {
  prepareRotation: ['begun', 'prepared'],
  promote: ['promoting', 'promoted'],
}

export const connectKeeper: typeof product.connectKeeper = async (options) => {
  const keeper = await product.connectKeeper(options)
  const ask = keeper.ask.bind(keeper)
  keeper.ask = async (operation, ...given) => {
    const [before, after] = steps[operation] ?? []
    if (before !== undefined) await point(before)
    const answer = await ask(operation, ...given)
    if (after !== undefined) await point(after, undefined, { ok: answer.ok })
    return answer
  }
  return keeper
}
