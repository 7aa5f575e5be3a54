import { ok } from '../../kernel/result.ts'
import type { FactContent } from '../facts/fact.ts'
import { alphabetOf } from '../passwords/alphabet.ts'
import { bitsOf } from '../passwords/entropy.ts'
import { policyOf } from '../passwords/policies.ts'
import { exceptionFloor, passwordDefault, passwordFloor } from '../passwords/rule.ts'
import type { Handler } from './handler.ts'

/** For looking at: a row that is not what was attested is shown as such, where making a password would be refused because of it. */
export const passwordPolicies: Handler<'passwordPolicies'> = async ({ context }) => {
  const policies = []
  for (const id of context.notary.idsOf('password_policy')) {
    const row = await context.facts.read('password_policy', id)
    policies.push(
      row.ok
        ? { id, content: row.value.content as Record<string, never>, bits: bitsOfPolicy(row.value.content), forged: null }
        : { id, content: {}, bits: 0, forged: row.error.message },
    )
  }
  const { length, classes } = passwordDefault
  const standard = { length, classes: [...classes], bits: bitsOf(length, alphabetOf(classes, '')) }
  return ok({ policies, floor: passwordFloor, exceptionFloor, standard })
}

const bitsOfPolicy = (row: FactContent): number => {
  const { length, classes, excluded } = policyOf(row)
  return bitsOf(length, alphabetOf(classes, excluded))
}
