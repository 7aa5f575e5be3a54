/*
 * The one door to Cedar. Its sets and schemas are parsed once and kept inside it under a name; a decision then names them.
 */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { canonical } from '../../kernel/canonical.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { numbersBeside } from './numbers-beside.ts'
import type { CedarQuestion } from './question.ts'
import { schemaText } from './schema.ts'

export interface ParsedText {
  effect: 'permit' | 'forbid'
  annotations: Readonly<Record<string, string>>
  /** The actions that its scope names; undefined where it names none and is about all. */
  actions: readonly string[] | undefined
  /** Names of all attributes in its conditions. */
  looksAt: ReadonlySet<string>
  /** With which numbers its conditions compare `context.bytes`; undefined where they do anything else with it. */
  sizes: readonly number[] | undefined
}

export function parseText(text: string): Result<ParsedText, string> {
  const parsed = cedar.policyToJson(text)
  if (parsed.type === 'failure') return fail(sentences(parsed.errors))
  const annotations = Object.entries(parsed.json.annotations ?? {}).map(([name, value]) => [name, value ?? ''])
  const { effect, action, conditions } = parsed.json
  return ok({
    effect,
    annotations: Object.fromEntries(annotations),
    actions: actionsOf(action),
    looksAt: new Set(attributesIn(conditions)),
    sizes: numbersBeside('bytes', conditions),
  })
}

/** Of `a.b`, `a["b"]` and `a has b` alike: all stand as `attr` in Cedar's JSON. */
function attributesIn(expression: unknown): string[] {
  if (typeof expression !== 'object' || expression === null) return []
  return Object.entries(expression).flatMap(([key, value]) => (key === 'attr' && typeof value === 'string' ? [value] : attributesIn(value)))
}

function actionsOf(scope: cedar.ActionConstraint): string[] | undefined {
  if (scope.op === 'All') return undefined
  const named = 'entities' in scope ? scope.entities : 'entity' in scope ? [scope.entity] : []
  return named.map((uid) => ('__entity' in uid ? uid.__entity.id : uid.id))
}

/** The same policy without what it says of the context: a part of its conditions that does not name it stands as it was. `conditional`: something was left out. */
export function withoutContext(text: string): { text: string; conditional: boolean } {
  const parsed = cedar.policyToJson(text)
  if (parsed.type === 'failure') return { text, conditional: true }
  const { json } = parsed
  let conditional = false
  const conditions = json.conditions.flatMap(({ kind, body }) => {
    const parts = kind === 'when' ? conjuncts(body) : [body]
    const kept = parts.filter((part) => !JSON.stringify(part).includes('"Var":"context"'))
    conditional ||= kept.length < parts.length
    return kept.map((part) => ({ kind, body: part }))
  })
  const written = cedar.policyToText({ ...json, conditions })
  return written.type === 'success' ? { text: written.text, conditional } : { text, conditional: true }
}

function conjuncts(body: cedar.Expr): cedar.Expr[] {
  if (!('&&' in body)) return [body]
  const both = body['&&']
  return (Array.isArray(both) ? both : [both.left, both.right]).flatMap(conjuncts)
}

/** Warnings count as well: a forbid that can never match is a misspelt one. Answers the id of the first one that is wrong. */
export function validateAll(policies: Readonly<Record<string, string>>): Result<void, { id: string; why: string }> {
  const answer = cedar.validate({ schema: schemaText, policies: { staticPolicies: policies } })
  if (answer.type === 'failure') throw new Error(`the policy schema does not parse: ${sentences(answer.errors)}`)
  const first = [
    ...answer.validationErrors,
    ...answer.validationWarnings,
    ...answer.otherWarnings.map((error) => ({ policyId: '', error })),
  ][0]
  return first ? fail({ id: first.policyId, why: sentences([first.error]) }) : ok(undefined)
}

/** Keeps a set inside Cedar and answers its name: that of its content, so that loading the same one again takes no memory. */
export function keepSet(policies: Readonly<Record<string, string>>): Result<string, string> {
  keepSchema()
  const name = `set-${sha256(canonical(policies)).toString('hex')}`
  const answer = cedar.preparsePolicySet(name, { staticPolicies: policies })
  return answer.type === 'success' ? ok(name) : fail(sentences(answer.errors))
}

export interface Verdict {
  allow: boolean
  /** Ids of the policies that decided: all permits that matched, or all forbids. */
  because: readonly string[]
}

/** Fails when anything at all went wrong: Cedar itself skips a forbid that it cannot evaluate, and says allow. */
export function evaluate(set: string, question: CedarQuestion): Result<Verdict, string> {
  try {
    const answer = cedar.statefulIsAuthorized({
      ...question,
      preparsedPolicySetId: set,
      preparsedSchemaName: schemaName,
      validateRequest: true,
    })
    if (answer.type === 'failure') return fail(sentences(answer.errors))
    const { decision, diagnostics } = answer.response
    const wrong = [...diagnostics.errors.map((e) => e.error), ...answer.warnings]
    if (wrong.length > 0) return fail(sentences(wrong))
    return ok({ allow: decision === 'allow', because: diagnostics.reason })
  } catch (cause) {
    // a trap inside WebAssembly: whatever it was, it did not say yes
    return fail(cause instanceof Error ? cause.message : String(cause))
  }
}

const schemaName = `schema-${sha256(schemaText).toString('hex')}`
let schemaKept = false

/** With the first set, and not when this file is loaded: it takes a sixth of a second, and processes that only name policies never decide. */
function keepSchema(): void {
  if (schemaKept) return
  const answer = cedar.preparseSchema(schemaName, schemaText)
  if (answer.type === 'failure') throw new Error(`the policy schema does not parse: ${sentences(answer.errors)}`)
  schemaKept = true
}

function sentences(errors: readonly cedar.DetailedError[]): string {
  return errors
    .map((e) => [e.message, e.help].filter(Boolean).join('; '))
    .join('; ')
    .slice(0, 500)
}
