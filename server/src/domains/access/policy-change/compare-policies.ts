import { questionOf } from '../../../keeper/decide/question.ts'
import type { FactContent } from '../../../keeper/facts/fact.ts'
import type { Decision, Obligations, PolicyEngine } from '../../policy/index.ts'

/** People whom policy takes for one: the same groups, and none of them named by a policy. */
export interface Crowd {
  /** The facts of one of them. */
  person: FactContent
  groups: readonly string[]
  names: readonly string[]
}
export interface Place {
  account: FactContent
  target: FactContent
}

/** What becomes different for whom on which accounts. `before`, `after`: null where policy says no. */
export interface Effect {
  people: readonly string[]
  groups: readonly string[]
  action: 'connect' | 'reveal'
  accounts: string[]
  before: Obligations | null
  after: Obligations | null
}
/** So long is asked for: the shortest that any permit gives. */
const seconds = 60

/** Asks both sets the same questions: may these people ask for these accounts, and what would be demanded. Lets others work in between. */
export async function comparePolicies(
  { before, after }: { before: PolicyEngine; after: PolicyEngine },
  crowds: readonly Crowd[],
  places: readonly Place[],
): Promise<Effect[]> {
  const effects = new Map<string, Effect>()
  for (const { account, target } of places) {
    await new Promise(setImmediate)
    for (const { person, groups, names } of crowds)
      for (const action of ['connect', 'reveal'] as const) {
        const question = questionOf(person, account, target, { action, seconds, itsm_ticket: 'to be named' }, { phase: 'request' })
        const [was, is] = [termsOf(before.decide(question)), termsOf(after.decide(question))]
        const key = JSON.stringify([names, groups, action, was, is])
        if (JSON.stringify(was) === JSON.stringify(is)) continue
        const effect = effects.get(key) ?? { people: names, groups, action, accounts: [], before: was, after: is }
        effect.accounts.push(`${account.name}@${target.name}`)
        effects.set(key, effect)
      }
  }
  return [...effects.values()]
}

const termsOf = (decision: Decision): Obligations | null => (decision.allowed ? decision.obligations : null)
