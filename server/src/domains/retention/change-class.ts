import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Anchor, Applies, Term } from '../../keeper/facts/retention.ts'
import { defaultClasses, firstTermOf } from '../../keeper/facts/retention-defaults.ts'
import { canonical } from '../../kernel/canonical.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Act, Audit } from '../audit/index.ts'
import type { RetentionError } from './errors.ts'
import { classChanged } from './events.ts'
import { type ClassRow, knownTargets, lockClass, putClass } from './retention.store.ts'

export interface RetentionDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  now: () => Date
}
export interface WithCode {
  person: PersonId
  code: string
}
interface Said {
  months: number
  /** Null: for nothing that is opened from now on. */
  applies: Applies | null
  reason: string
}

/**
 * Says what a class keeps from now on: another term. What was recorded before is kept as the longer of the old and the new ones say. A shipped class
 * is confirmed by saying of it for the first time what it shall keep.
 */
export async function changeClass(
  deps: RetentionDeps,
  by: WithCode,
  which: string,
  said: Said,
): Promise<Result<{ id: string }, RetentionError>> {
  return await deps.audit.act<{ id: string }, RetentionError>(
    { act: 'retention.change_class', by: by.person, about: { class: which } },
    async (act) => {
      const before = (await lockClass(act.tx, which)) ?? shipped(which)
      if (!before) return fail({ code: 'retention.class_unknown', class: which })
      const last = before.terms.at(-1)
      const same = last?.months === said.months && canonical((last?.applies ?? null) as never) === canonical(said.applies as never)
      // a shipped class that nobody confirmed is confirmed by the same words
      if (same && before.revision > 0) return fail({ code: 'retention.same' })
      return await say(deps, by, act, before, said)
    },
  )
}

/** Makes a class of one's own. */
export async function addClass(
  deps: RetentionDeps,
  by: WithCode,
  { name, anchor, ...said }: Said & { name: string; anchor: Anchor },
): Promise<Result<{ id: string }, RetentionError>> {
  return await deps.audit.act<{ id: string }, RetentionError>({ act: 'retention.add_class', by: by.person }, async (act) => {
    if (shipped(name) || (await lockClass(act.tx, name))) return fail({ code: 'retention.name_taken', name })
    return await say(deps, by, act, { id: newId('rtc'), name, anchor, terms: [], revision: 0 }, said)
  })
}

const shipped = (which: string): ClassRow | undefined => {
  const found = defaultClasses.find((d) => d.id === which || d.name === which)
  return found && { id: found.id, name: found.name, anchor: found.anchor, terms: [firstTermOf(found.id) as Term], revision: 0 }
}

async function say(
  { keeper, now }: RetentionDeps,
  by: WithCode,
  { tx, record }: Act,
  before: ClassRow,
  { months, applies, reason }: Said,
): Promise<Result<{ id: string }, RetentionError>> {
  const targets = applies?.targets ?? []
  const known = await knownTargets(tx, targets)
  const unknown = targets.find((target) => !known.includes(target))
  if (unknown !== undefined) return fail({ code: 'retention.target_unknown', target: unknown })
  const at = now()
  const row = { ...before, terms: [...before.terms, { from: at.toISOString(), months, applies }], revision: before.revision + 1 }
  const attested = await attest(keeper, [{ kind: 'retention_class', revision: row.revision, row: { ...row } }], { by: 'stepUp', ...by })
  if (!attested.ok) return attested
  await putClass(tx, row, attested.value.macOf(row.id), at)
  const { id, name, anchor } = row
  await record(classChanged({ class: id, name, anchor, months, applies: applies as never, reason }), attested.value.attestations)
  return ok({ id })
}
