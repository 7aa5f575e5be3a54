import type { DependentId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, type Result } from '../../kernel/result.ts'
import { holdLock } from '../../platform/db/hold-lock.ts'
import { turnOn } from '../inventory/index.ts'
import type { DependentDeps } from './deps.ts'
import type { DependentError } from './errors.ts'
import { dependentLooked, dependentLooking } from './events.ts'
import { readHow } from './how.ts'
import { type Host, onHost } from './on-host.ts'

const patienceMs = 20_000

/** Looks on the host whether a dependent can be told: nothing is changed, and no credential but that of the host's manager leaves the vault. */
export async function lookAtDependent(deps: DependentDeps, dependent: DependentId, by: PersonId): Promise<Result<void, DependentError>> {
  const { keeper, audit, db } = deps
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'dependent', id: dependent }] })
  if (!vouched.ok) return vouched.error.code === 'keeper.unknown_row' ? fail({ code: 'dependents.unknown', dependent }) : vouched
  const d = vouched.value.rows[0] as { account_id?: unknown; host_id?: unknown; settings?: unknown; state?: unknown }
  if (d.state === 'removed') return fail({ code: 'dependents.wrong_state', state: 'removed' })
  const how = readHow(d.settings)
  if (!how.ok) return how
  const host = String(d.host_id) as TargetId
  const target = await keeper.ask('vouch', { rows: [{ kind: 'target', id: host }] })
  if (!target.ok) return target
  const looked = await holdLock(db, turnOn(host), patienceMs, async (): Promise<Result<void, DependentError>> => {
    const account = String(d.account_id)
    const begun = dependentLooking({ dependent, account, target: host })
    const cutShort = dependentLooked({ dependent, account, code: 'dependents.cut_off' })
    return await audit.look({ begun, cutShort, by }, async (intent) => {
      const at = target.value.rows[0] as unknown as Host
      const seen = await onHost(deps, at, intent, (open, as) => open.look(at.identity, as, how.value))
      await audit.note(dependentLooked({ dependent, account, code: seen.ok ? null : seen.error.code }), by, { phase: 'outcome', intent })
      return seen
    })
  })
  return looked.ok ? looked.value : fail({ code: 'dependents.busy' })
}
