import type { DependentId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { lockDependent } from './dependents.store.ts'
import type { DependentDeps } from './deps.ts'
import type { DependentError } from './errors.ts'
import { dependentOrdered } from './events.ts'
import { putNewsFor } from './news.store.ts'
import { type Attempt, tellDependent } from './tell-dependent.ts'

const patienceMs = 20_000

/** Tells a dependent of the current credential at a person's word: one that failed and was mended, or a new one. Durable before it is tried. */
export async function tellNow(deps: DependentDeps, dependent: DependentId, by: PersonId): Promise<Result<Attempt, DependentError>> {
  const { audit, keeper, now } = deps
  const ordered = await audit.act({ act: 'dependents.order', by, about: { dependent } }, async ({ tx, record }) => {
    const row = await lockDependent(tx, dependent)
    if (!row) return fail<DependentError>({ code: 'dependents.unknown', dependent })
    if (row.state !== 'active') return fail<DependentError>({ code: 'dependents.wrong_state', state: row.state })
    const versions = await keeper.ask('versions', { accounts: [row.account_id] })
    if (!versions.ok) return versions
    const current = versions.value.versions.find((v) => v.credential === row.credential && v.state === 'current')
    if (!current) return fail<DependentError>({ code: 'dependents.nothing_to_tell' })
    await putNewsFor(tx, dependent, current.version, now())
    await record(dependentOrdered({ dependent, account: row.account_id, version: current.version }))
    return ok(row.host_id)
  })
  if (!ordered.ok) return ordered
  return await tellDependent(deps, { id: dependent, host: ordered.value }, { patienceMs, early: true })
}
