import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { mayAgree, mayAsk, officers } from '../facts/activation.ts'
import type { FactContent } from '../facts/fact.ts'
import { refuse } from '../refuse.ts'
import type { FactView } from './view.ts'

/**
 * Whether the two people of an activation may be these two: not one of them twice, both active, each in a group that may, and one of security.
 * Looked at when the second says yes, when it begins, and again at each release.
 */
export async function areTwo(view: FactView, a: FactContent): Promise<Result<void, KeeperRefusal>> {
  if (a.approver_id === null || a.approver_id === a.requester_id)
    return refuse('breakglass.same_person', 'An activation takes two different people. Ask somebody else for the second code.')
  const [asks, agrees] = [await view.read('person', String(a.requester_id)), await view.read('person', String(a.approver_id))]
  if (!asks.ok) return asks
  if (!agrees.ok) return agrees
  const [one, two] = [asks.value.content, agrees.value.content]
  for (const { state, name } of [one, two])
    if (state !== 'active') return refuse('access.person_not_active', `${name} is not active. Ask an administrator.`)
  const groups = { one: one.groups as string[], two: two.groups as string[] }
  return groups.one.some((g) => mayAsk.includes(g)) &&
    groups.two.some((g) => mayAgree.includes(g)) &&
    [...groups.one, ...groups.two].includes(officers)
    ? ok(undefined)
    : refuse('breakglass.who', 'Of the two people of an activation one is of security, and the second of security or administrators.')
}

/** Whether a request that an activation brought may become, and be used as, a grant: while that runs, for its person, on its accounts. */
export async function underActivation(
  view: FactView,
  { now, identity }: { now: () => Date; identity: { epoch: number } },
  request: FactContent,
  account: FactContent,
): Promise<Result<void, KeeperRefusal>> {
  const found = await view.read('breakglass_activation', String(request.activation))
  if (!found.ok) return found
  const a = found.value.content
  if (a.state !== 'active' || a.kind !== 'emergency' || a.epoch !== identity.epoch || Date.parse(String(a.ends_at)) <= now().getTime())
    return refuse('breakglass.activation_over', `The activation ${a.id} does not run. See claviger breakglass activations.`)
  if (account.break_glass !== true || !(a.accounts as string[]).includes(String(account.id)) || a.requester_id !== request.requester_id)
    return refuse('breakglass.activation_over', `The activation ${a.id} is for other accounts, or another person.`)
  return await areTwo(view, a)
}
