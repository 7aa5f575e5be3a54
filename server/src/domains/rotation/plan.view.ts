import type { AnswerOf, rotation as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Window } from '../../kernel/window.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { type Ages, ageOf, rotationDue, unordered, verificationDue } from './care.store.ts'
import { onlyBroughtIn } from './kept-by-hand.store.ts'
import './tables.ts'

export type ShownPlan = AnswerOf<typeof api.rotationPlan>
export type ShownCare = AnswerOf<typeof api.accountCare>

const dayMs = 86_400_000
const shownNext = 20

/** How many credentials become old enough, and how many are tried, on each of the coming days; a day is 24 hours from `at` on. */
export async function showPlan(
  db: Db,
  at: Date,
  days: number,
  { ages, windows }: { ages: Ages; windows: readonly Window[] },
): Promise<ShownPlan> {
  const day = (due: ReturnType<typeof rotationDue>) =>
    sql<number>`greatest(-1, floor(extract(epoch from ${due} - ${at}::timestamptz) / 86400))::int`
  type Accounts = ReturnType<typeof unordered>
  const replaceable = (accounts: Accounts): Accounts => accounts.where(({ not }) => not(onlyBroughtIn))
  const counted = (accounts: Accounts, due: ReturnType<typeof rotationDue>) =>
    accounts
      .select([day(due).as('day'), sql<number>`count(*)::int`.as('n')])
      .groupBy(sql`1`)
      .execute()
  const [rotations, verifications, next, drifted, held] = await Promise.all([
    counted(replaceable(unordered(db)), rotationDue(ages)),
    counted(unordered(db), verificationDue(ages)),
    replaceable(unordered(db))
      .innerJoin('target as t', 't.id', 'a.target_id')
      .select(['a.id', 'a.name', 't.name as target', rotationDue(ages).as('due')])
      .orderBy(rotationDue(ages))
      .limit(shownNext)
      .execute(),
    db
      .selectFrom('credential_health as h')
      .innerJoin('account as a', 'a.id', 'h.account_id')
      .select(sql<number>`count(distinct a.id)::int`.as('n'))
      .where('a.gone_at', 'is', null)
      .where(sql<boolean>`cardinality(h.refused) > 0`)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('account')
      .select(sql<number>`count(*)::int`.as('n'))
      .where('state', '=', 'held')
      .where('gone_at', 'is', null)
      .executeTakeFirstOrThrow(),
  ])
  const on = (rows: readonly { day: number; n: number }[], fits: (day: number) => boolean) =>
    rows.reduce((sum, row) => sum + (fits(row.day) ? row.n : 0), 0)
  return {
    hours: 24,
    days: Array.from({ length: days }, (_, n) => ({
      from: new Date(at.getTime() + n * dayMs).toISOString(),
      rotations: on(rotations, (day) => day === n),
      // what should have been tried already is tried with the next look
      verifications: on(verifications, (day) => day === n || (n === 0 && day < 0)),
    })),
    overdue: on(rotations, (day) => day < 0),
    later: on(rotations, (day) => day >= days),
    drifted: drifted.n,
    held: held.n,
    windows: windows.map((w) => ({ ...w, days: [...w.days] })),
    next: next.map((a) => ({ account: { id: a.id, name: a.name, target: a.target }, dueAt: a.due.toISOString() })),
  }
}

/** How one account is looked after; undefined when there is no such account. */
export async function showCare(db: Db, account: string, ages: Ages): Promise<ShownCare | undefined> {
  const found = await db
    .selectFrom('account as a')
    .leftJoin('account_care as c', 'c.account_id', 'a.id')
    .select(['c.max_age_seconds', 'c.rotated_at', 'c.verified_at', sql<number>`(${ageOf(ages)} / 1000)::int`.as('age')])
    .select([rotationDue(ages).as('due'), verificationDue(ages).as('try'), onlyBroughtIn.as('brought')])
    .where('a.id', '=', account)
    .where('a.gone_at', 'is', null)
    .executeTakeFirst()
  if (!found) return undefined
  const health = await db.selectFrom('credential_health').selectAll().where('account_id', '=', account).orderBy('credential').execute()
  const old = await db
    .selectFrom('rotation')
    .select(['old_valid_until', 'old_checked_at'])
    .where('account_id', '=', account)
    .where('state', '=', 'done')
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const iso = (at: Date | null | undefined) => at?.toISOString() ?? null
  const { max_age_seconds, age, rotated_at, due, verified_at } = found
  return {
    ...{
      maxAgeSeconds: max_age_seconds,
      ageSeconds: age,
      rotatedAt: iso(rotated_at),
      dueAt: iso(rotated_at && !found.brought ? due : null),
    },
    ...{ triedAt: iso(verified_at), tryAt: iso(verified_at && found.try) },
    health: health.map((h) => ({
      credential: h.credential as 'password',
      ...{ works: h.works_version, workedAt: iso(h.worked_at), refused: h.refused.slice(-20), refusedAt: iso(h.refused_at) },
    })),
    ...{ oldValidUntil: iso(old?.old_valid_until), oldCheckedAt: iso(old?.old_checked_at) },
  }
}
