import { withoutContext } from './cedar.ts'
import { createPolicyEngine } from './engine.ts'
import type { PolicyQuestion } from './question.ts'
import { readPolicy } from './read-policy.ts'
import { type ActName, type Consequence, isAct, type SessionAct } from './session-act.ts'

/** A permit for acts in sessions, as far as it can be told without any act. */
export interface SessionRule {
  actions: readonly ActName[]
  act: Consequence
  /** So long an act is held while somebody else is asked. */
  waitSeconds: number | null
  /** It looks at what is done, too: of the acts it speaks of some only. */
  conditional: boolean
  /** Whether it speaks of anything that these people do with this account. */
  concerns(who: Pick<PolicyQuestion, 'principal' | 'resource'>): boolean
}

/** Undefined for any other policy. */
export function readSessionRule(text: string): SessionRule | undefined {
  const read = readPolicy({ id: 'shown', name: 'shown', text })
  if (!read.ok || !('act' in read.value)) return undefined
  const { act, waitSeconds, actions = [] } = read.value
  const named = actions.filter(isAct)
  const { text: untried, conditional } = withoutContext(text)
  const engine = createPolicyEngine([{ id: 'shown', name: 'shown', text: untried }])
  return {
    ...{ actions: named, act, waitSeconds: act === 'ask' ? waitSeconds : null, conditional },
    concerns: (who) =>
      named.some((action) => !engine.ok || engine.value.decideAct({ ...who, hasItsmTicket: true, act: blank[action] }).because.length > 0),
  }
}

const blank: Readonly<Record<ActName, SessionAct>> = {
  run: { action: 'run', command: '', program: '', plain: true },
  transfer: { action: 'transfer', op: 'get', direction: 'down', path: '/', bytes: 0 },
  query: { action: 'query', verbs: [], tables: [], database: '', understood: true },
  forward: { action: 'forward', direction: 'local', host: 'localhost', port: 0 },
}
