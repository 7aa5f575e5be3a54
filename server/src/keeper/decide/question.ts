import type { PolicyQuestion } from '../../domains/policy/index.ts'
import type { AccountCategory, Environment, Tier } from '../../kernel/tier.ts'
import type { FactContent } from '../facts/fact.ts'

/** The policy question that a request is, from rows that were checked. */
export function questionOf(
  person: FactContent,
  account: FactContent,
  target: FactContent,
  request: FactContent,
  context: Omit<PolicyQuestion['context'], 'seconds' | 'hasItsmTicket'>,
): PolicyQuestion {
  return {
    principal: { id: String(person.id), groups: person.groups as string[] },
    action: request.action as 'connect' | 'reveal',
    resource: {
      account: {
        id: String(account.id),
        name: String(account.name),
        category: account.category as AccountCategory,
        tier: account.tier as Tier,
        privileges: account.privileges as string[],
      },
      target: {
        id: String(target.id),
        name: String(target.name),
        kind: String(target.kind),
        environment: target.environment as Environment,
        tier: target.tier as Tier,
        ...(Array.isArray(target.scopes) && { scopes: target.scopes as string[] }),
      },
    },
    context: { ...context, seconds: Number(request.seconds), hasItsmTicket: request.itsm_ticket !== null },
  }
}
