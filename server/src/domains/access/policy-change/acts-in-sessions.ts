import type { policy as api } from '@claviger/api'
import { questionOf } from '../../../keeper/decide/question.ts'
import type { PolicyEdit } from '../../../keeper/facts/policy-change.ts'
import { approverGroups, type PolicyEngine, readSessionRule, type SessionRule } from '../../policy/index.ts'
import type { PersonInGroups } from '../access.view.ts'
import type { Crowd, Place } from './compare-policies.ts'

type Effect = api.PolicyActEffect

const mostNames = 20
/** So long is asked for: the shortest that any permit gives. */
const seconds = 60

/**
 * What the policies of a change say of acts in sessions, of whom and on which accounts, where such sessions can be asked for; and who would be asked. What a
 * policy says of the act itself cannot be tried.
 */
export async function actsInSessions(
  { edits, after }: { edits: readonly PolicyEdit[]; after: PolicyEngine },
  crowds: readonly Crowd[],
  places: readonly Place[],
  people: readonly PersonInGroups[],
): Promise<Effect[]> {
  const rules = edits.flatMap(({ name, text, state, was }) => {
    const [before, then] = [was === null ? undefined : readSessionRule(was), state === 'active' ? readSessionRule(text) : undefined]
    return before || then ? [{ name, before, then }] : []
  })
  const effects = new Map<string, Effect>()
  for (const { account, target } of rules.length === 0 ? [] : places) {
    await new Promise(setImmediate)
    for (const { person, groups, names } of crowds) {
      const about = { action: 'connect', seconds, itsm_ticket: 'to be named' } as const
      const question = questionOf(person, account, target, about, { phase: 'request' })
      if (!after.decide(question).allowed) continue
      for (const { name, before, then } of rules) {
        const [was, is] = [before, then].map((rule) => (rule?.concerns(question) ? said(rule) : null)) as [
          Effect['before'],
          Effect['after'],
        ]
        if (!was && !is) continue
        const asks = was?.act === 'ask' || is?.act === 'ask'
        const asked = asks ? askedBy(people, approverGroups(question), names) : null
        const key = JSON.stringify([name, names, was, is, asked])
        const effect = effects.get(key) ?? {
          ...{ policy: name, people: [...names], groups: [...groups], accounts: [], before: was, after: is, asked },
        }
        effect.accounts.push(`${account.name}@${target.name}`)
        effects.set(key, effect)
      }
    }
  }
  return [...effects.values()]
}

const said = ({ actions, act, waitSeconds, conditional }: SessionRule): NonNullable<Effect['after']> => ({
  ...{ actions: [...actions], act, waitSeconds, conditional },
})

/** Nobody decides on what they do themselves. */
function askedBy(people: readonly PersonInGroups[], groups: readonly string[], doers: readonly string[]): NonNullable<Effect['asked']> {
  const all = people.filter((one) => one.groups.some((group) => groups.includes(group))).map(({ name }) => name)
  const names = doers.length === 1 ? all.filter((name) => name !== doers[0]) : all
  return { groups: [...groups], names: names.slice(0, mostNames), more: Math.max(0, names.length - mostNames) }
}
