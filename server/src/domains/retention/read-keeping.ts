import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { FactContent } from '../../keeper/facts/fact.ts'
import { type Keeping, keepingFrom } from '../../keeper/facts/retention-rows.ts'
import { ok, type Result } from '../../kernel/result.ts'

/** Classes, holds and closed anchors as the keeper vouches for them; `forged`: why it does not for some. Then nothing is destroyed. */
export async function readKeeping(keeper: Keeper): Promise<Result<Keeping & { forged: string[] }, KeeperRefusal>> {
  const answer = await keeper.ask('retention', {})
  if (!answer.ok) return answer
  const { classes, holds, anchors } = answer.value
  const forged = [...classes, ...holds, ...anchors].flatMap((row) => row.forged ?? [])
  const rows = (of: typeof classes) => of.filter((row) => row.forged === null).map((row) => row.content as FactContent)
  return ok({ ...keepingFrom({ classes: rows(classes), holds: rows(holds), anchors: rows(anchors) }), forged })
}
