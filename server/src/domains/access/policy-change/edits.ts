import { mostEdits, type PolicyEdit } from '../../../keeper/facts/policy-change.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { newId } from '../../../platform/crypto/random.ts'
import { createPolicyEngine, type PolicyEngine, type PolicyError } from '../../policy/index.ts'
import type { AccessError } from '../errors.ts'

/** A policy as the keeper attests it. */
export interface Known {
  id: string
  name: string
  text: string
  state: 'active' | 'retired'
  revision: number
}
/** What somebody wants: a policy by its name. `text` null: it is retired. */
export interface Wanted {
  name: string
  text: string | null
}

/** What a change would make of each policy that it names. What is so already is left aside. */
export function editsOf(known: readonly Known[], wanted: readonly Wanted[]): Result<PolicyEdit[], AccessError> {
  const edits: PolicyEdit[] = []
  for (const { name, text } of wanted) {
    if (edits.some((edit) => edit.name === name)) return fail({ code: 'access.policy_twice', policy: name })
    const now = known.find((policy) => policy.name === name)
    if (!now && text === null) return fail({ code: 'access.policy_unknown', policy: name })
    const active = now?.state === 'active' ? now.text : null
    if (active === text) continue
    edits.push({
      policy: now?.id ?? newId('pol'),
      ...{ name, text: text ?? now?.text ?? '', state: text === null ? 'retired' : 'active', was: active },
      revision: (now?.revision ?? 0) + 1,
    })
  }
  if (edits.length === 0) return fail({ code: 'access.policies_same' })
  return edits.length > mostEdits ? fail({ code: 'access.policies_many', most: mostEdits }) : ok(edits)
}

/** The set in force, and the set as it would be. */
export function enginesOf(
  known: readonly Known[],
  edits: readonly PolicyEdit[],
): Result<{ before: PolicyEngine; after: PolicyEngine }, PolicyError> {
  const active = known.filter((policy) => policy.state === 'active')
  const before = createPolicyEngine(active)
  if (!before.ok) return before
  const kept = active.filter((policy) => !edits.some((edit) => edit.policy === policy.id))
  const made = edits.flatMap((edit) => (edit.state === 'active' ? [{ id: edit.policy, name: edit.name, text: edit.text }] : []))
  const after = createPolicyEngine([...kept, ...made])
  return after.ok ? ok({ before: before.value, after: after.value }) : after
}
