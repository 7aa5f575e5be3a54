import type { AnswerOf } from '../../keeper/contract.ts'
import type { ActivationId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { beginActivation } from './begin-activation.ts'
import type { BreakglassError } from './errors.ts'
import { type DrillDeps, runDrill } from './run-drill.ts'

/** One custodian's share, on its way to the keeper, who alone can read it. With the last one that is needed the activation begins, or the drill is run. */
export async function giveShare(
  deps: DrillDeps,
  id: ActivationId,
  sealed: string,
): Promise<Result<AnswerOf<'giveActivationShare'>, BreakglassError>> {
  const given = await deps.keeper.ask('giveActivationShare', { activation: id, sealed })
  if (!given.ok) return given
  const { opened, alarm, threshold } = given.value
  if (!opened) return ok(given.value)
  const begun = await beginActivation(deps, id)
  if (!begun.ok) return begun
  if (begun.value.kind === 'drill') {
    // an alarm counts once the ledger has signed it
    const signed = alarm === null ? undefined : await deps.keeper.ask('signed', { entry: alarm })
    await runDrill(deps, begun.value, { custodians: threshold, alarm: signed?.ok === true })
  }
  return ok(given.value)
}
