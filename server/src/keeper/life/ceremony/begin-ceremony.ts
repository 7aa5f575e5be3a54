import { ok, type Result } from '../../../kernel/result.ts'
import type { KeeperRefusal } from '../../contract.ts'
import { refuse } from '../../refuse.ts'
import type { Plan, Signatory } from '../../seal/ceremony-table.ts'
import type { Belongings } from '../belongings.ts'
import { closed, noneUnderWay } from './refusals.ts'
import { coverBoth, mayTakePart } from './rules.ts'

/** Begins what two people and the custodians do together. The person was asked for a code. */
export async function beginCeremony(life: Belongings, plan: Plan, by: Signatory): Promise<Result<{ ticket: string }, KeeperRefusal>> {
  const context = life.opened?.context
  if (!context) return closed()
  if (!mayTakePart(by)) return refuse('ceremony.not_authorised', 'Only members of administrators or security take part in this.')
  if (life.ceremony.current())
    return refuse(
      'ceremony.under_way',
      'A key ceremony is under way already. Finish it, or give it up: claviger ceremony drop. It ends by itself after half an hour.',
    )
  const why = plan.goal === 'replace' ? life.refused?.[plan.to] : undefined
  if (why) return refuse('ceremony.kind_refused', why)
  if (plan.goal === 'rotate' && context.rewrap.busy())
    return refuse(
      'ceremony.rotating',
      'The last rotation of keys is still being worked off. Look how far it is: claviger rotate-keys --status',
    )
  const ticket = life.ceremony.begin(plan, by)
  const fields =
    plan.goal === 'replace'
      ? { goal: plan.goal, kind: plan.to, shares: plan.wish.shares || null, threshold: plan.wish.threshold || null, locations: null }
      : { goal: plan.goal, kind: null, shares: null, threshold: null, locations: plan.locations.join(' ') }
  await context.note('seal.ceremony_begun', fields, { by: by.person })
  return ok({ ticket })
}

/** The second of two people says yes. */
export async function confirmCeremony(life: Belongings, by: Signatory): Promise<Result<{ done: true }, KeeperRefusal>> {
  const ceremony = life.ceremony.current()
  const context = life.opened?.context
  if (!context) return closed()
  if (!ceremony) return noneUnderWay()
  if (by.person === ceremony.begun.person)
    return refuse('ceremony.same_person', 'You began this ceremony yourself. It takes a second person: somebody else confirms it.')
  if (!coverBoth(ceremony.begun, by))
    return refuse(
      'ceremony.not_both',
      'It takes an administrator and a security officer: of the two who begin and confirm, one must be in each group.',
    )
  if (ceremony.confirmed) return refuse('ceremony.confirmed', 'This ceremony was confirmed already.')
  ceremony.confirmed = by
  await context.note('seal.ceremony_confirmed', { goal: ceremony.plan.goal }, { by: by.person })
  return ok({ done: true })
}

/** Gives it up. Whatever was typed is forgotten, and the seal of before counts as if nothing had been. */
export async function dropCeremony(life: Belongings, by: string): Promise<Result<{ done: true }, KeeperRefusal>> {
  const ceremony = life.ceremony.current()
  const context = life.opened?.context
  if (!context) return closed()
  if (!ceremony) return noneUnderWay()
  life.ceremony.drop()
  await context.note('seal.ceremony_dropped', { goal: ceremony.plan.goal }, { by })
  return ok({ done: true })
}
