import { ok } from '../../kernel/result.ts'
import { storedPolicies } from '../facts/facts.store.ts'
import type { Handler } from './handler.ts'

/** The set that decisions are made with, and whatever else pretends to be in it. One forged row and nothing is granted: here is which. */
export const policies: Handler<'policies'> = async ({ context }) => {
  const stored = new Map((await storedPolicies(context.pool)).map((p) => [p.id, p]))
  const all = []
  for (const id of new Set([...context.notary.idsOf('policy'), ...stored.keys()])) {
    const fact = await context.facts.read('policy', id)
    const row = stored.get(id)
    if (fact.ok) {
      const { name, text, state } = fact.value.content
      const known = state === 'active' ? ('active' as const) : ('retired' as const)
      all.push({ id, name: String(name), text: String(text), state: known, revision: fact.value.revision, forged: null })
    } else
      all.push({
        ...{ id, name: row?.name ?? id, text: row?.text ?? '', state: 'active' as const, revision: row?.revision ?? 0 },
        forged: fact.error.message,
      })
  }
  return ok({ policies: all })
}
