import type { AnswerOf, passwords as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { FactContent } from '../../keeper/facts/fact.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Shown = AnswerOf<typeof api.passwordPolicies>
type ShownPolicy = Shown['policies'][number]

/** Every password policy as the keeper attests it; the database is asked for names of targets alone. */
export async function showPolicies(db: Db, keeper: Keeper): Promise<Result<Shown, KeeperRefusal>> {
  const answer = await keeper.ask('passwordPolicies', {})
  if (!answer.ok) return answer
  const { policies, floor, exceptionFloor, standard } = answer.value
  const targets = policies.flatMap((p) => (p.content.target_id ? [String(p.content.target_id)] : []))
  const names = new Map(
    targets.length === 0
      ? []
      : (await db.selectFrom('target').select(['id', 'name']).where('id', 'in', targets).execute()).map((t) => [t.id, t.name]),
  )
  const shown = policies.map((p) => showOne(p.id, p.content as FactContent, p.bits, p.forged, names))
  return ok({ policies: shown.sort((a, b) => a.name.localeCompare(b.name)), floor, exceptionFloor, standard })
}

function showOne(id: string, row: FactContent, bits: number, forged: string | null, targets: ReadonlyMap<string, string>): ShownPolicy {
  const target = row.target_id ? String(row.target_id) : undefined
  return {
    id,
    name: forged ? id : String(row.name),
    tier: (row.tier ?? null) as number | null,
    kind: (row.kind ?? null) as string | null,
    target: target === undefined ? null : { id: target, name: targets.get(target) ?? target },
    length: Number(row.length ?? 8),
    classes: (row.classes ?? ['lower']) as ShownPolicy['classes'],
    excluded: String(row.excluded ?? ''),
    exception: (row.exception ?? null) as string | null,
    maxAgeDays: (row.max_age_days ?? null) as number | null,
    state: row.state === 'retired' ? 'retired' : 'active',
    bits,
    forged,
  }
}

/** Where an account is, for what its kind of target says of passwords. */
export async function placeOf(db: Db, account: string): Promise<{ kind: string; settings: Record<string, unknown> } | undefined> {
  return await db
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['t.kind', 't.settings'])
    .where('a.id', '=', account)
    .executeTakeFirst()
}
