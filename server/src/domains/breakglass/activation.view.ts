import type { AnswerOf, activations as api, controls } from '@claviger/api'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Shown = AnswerOf<typeof api.activations>
type ShownActivation = Shown['activations'][number]
type Drills = Shown['drills']

const most = 100
const day = 24 * 3600_000

/** Those that are open first, then the newest. */
export async function showActivations(db: Db, only?: string): Promise<ShownActivation[]> {
  const rows = await db
    .selectFrom('breakglass_activation as a')
    .innerJoin('person as p', 'p.id', 'a.requester_id')
    .leftJoin('person as q', 'q.id', 'a.approver_id')
    .leftJoin('person as o', 'o.id', 'a.reviewer_id')
    .selectAll('a')
    .select(['p.name as requester', 'q.name as approver', 'o.name as reviewer'])
    .$if(only !== undefined, (query) => query.where('a.id', '=', only ?? ''))
    .orderBy((eb) => eb.case().when('a.state', 'in', ['waiting', 'approved', 'active']).then(0).else(1).end())
    .orderBy('a.created_at', 'desc')
    .limit(most)
    .execute()
  const ids = [...new Set(rows.flatMap((row) => row.accounts))]
  const accounts =
    ids.length === 0
      ? []
      : await db
          .selectFrom('account as a')
          .innerJoin('target as t', 't.id', 'a.target_id')
          .select(['a.id', 'a.name', 't.name as target'])
          .where('a.id', 'in', ids)
          .execute()
  return rows.map((a) => ({
    id: a.id,
    kind: a.kind as ShownActivation['kind'],
    state: a.state as ShownActivation['state'],
    accounts: a.accounts.flatMap((id) => accounts.find((one) => one.id === id) ?? []),
    requester: { id: a.requester_id, name: a.requester },
    approver: a.approver_id === null ? null : { id: a.approver_id, name: a.approver ?? '' },
    reason: a.reason,
    seconds: a.seconds,
    createdAt: a.created_at.toISOString(),
    expiresAt: a.expires_at.toISOString(),
    startsAt: a.starts_at?.toISOString() ?? null,
    endsAt: a.ends_at?.toISOString() ?? null,
    endedAt: a.ended_at?.toISOString() ?? null,
    endReason: a.end_reason,
    reviewer: a.reviewer_id === null ? null : { id: a.reviewer_id, name: a.reviewer ?? '' },
    review: a.review,
    steps: a.steps,
  }))
}

async function anyMarked(db: Db): Promise<boolean> {
  return (await db.selectFrom('account').select('id').where('break_glass', '=', true).limit(1).executeTakeFirst()) !== undefined
}

/** For the controls: nobody must rehearse where no account is for emergencies. */
export async function drillDuty(db: Db, now: Date, every: number): Promise<AnswerOf<typeof controls.controls>['duties']> {
  if (!(await anyMarked(db))) return []
  const { everyDays, lastPassedAt, overdue } = await showDrills(db, now, every)
  return [{ duty: 'drill', everyDays, lastDoneAt: lastPassedAt, overdue }]
}

/** Whether a drill is overdue: somebody must have rehearsed it well within so many days, since there are accounts for emergencies. */
export async function showDrills(db: Db, now: Date, everyDays: number): Promise<Drills> {
  const drills = await db
    .selectFrom('breakglass_activation')
    .select(['ended_at', 'steps'])
    .where('kind', '=', 'drill')
    .where('state', 'in', ['ended', 'reviewed'])
    .orderBy('ended_at', 'desc')
    .limit(most)
    .execute()
  const last = drills.find((one) => one.steps !== null && one.steps.length > 0 && one.steps.every((step) => step.ok))?.ended_at ?? null
  const overdue = (await anyMarked(db)) && (last === null || now.getTime() - last.getTime() > everyDays * day)
  return { everyDays, lastPassedAt: last?.toISOString() ?? null, overdue }
}

/** For metrics: how many run, how many reviews are open, and 1 when a drill is overdue. */
export interface BreakglassFigures {
  active: number
  openReviews: number
  drillOverdue: number
}

export async function breakglassFigures(db: Db, now: Date, everyDays: number): Promise<BreakglassFigures> {
  const rows = await db
    .selectFrom('breakglass_activation')
    .select(['state', ({ fn }) => fn.countAll<string>().as('many')])
    .where('kind', '=', 'emergency')
    .where('state', 'in', ['active', 'ended'])
    .groupBy('state')
    .execute()
  const many = (state: string) => Number(rows.find((row) => row.state === state)?.many ?? 0)
  const { overdue } = await showDrills(db, now, everyDays)
  return { active: many('active'), openReviews: many('ended'), drillOverdue: overdue ? 1 : 0 }
}
