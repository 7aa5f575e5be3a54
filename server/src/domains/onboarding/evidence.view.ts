import type { AnswerOf, onboarding as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import { standingOf, watchedDays } from './evidence.ts'
import './tables.ts'

type Shown = AnswerOf<typeof api.accountLogins>
interface Row {
  since: Date | null
  days: number
  told: string[]
}
const mostShown = 200

/** Who was seen to be logged in with an account, and whether that is enough to let it be rotated. Undefined where there is no such account. */
export async function showLogins(db: Db, account: string, now: Date): Promise<Shown | undefined> {
  const from = new Date(now.getTime() - watchedDays * 86_400_000)
  const { rows } = await sql<Row>`
    select a.observed_since as since,
      (select count(distinct date_trunc('day', l.at at time zone 'UTC'))::int from login_look l
       where l.target_id = a.target_id and l.saw and l.at > ${from}) as days,
      coalesce((select array_agg(distinct h.settings->>'host') from dependent d join target h on h.id = d.host_id
                where d.account_id = a.id and d.state = 'active'), '{}') as told
    from account a where a.id = ${account}`.execute(db)
  const [found] = rows
  if (!found) return undefined
  const seen = await db
    .selectFrom('login_seen')
    .select(['address', 'program', 'first_seen', 'last_seen'])
    .where('account_id', '=', account)
    .orderBy('last_seen', 'desc')
    .limit(mostShown)
    .execute()
  const { since, days, told } = found
  const current = seen.filter((s) => since !== null && s.last_seen >= since).map((s) => s.address)
  return {
    observedSince: since?.toISOString() ?? null,
    days,
    standing: since && standingOf({ observedSince: since, now, days, seen: current, told }),
    logins: seen.map((s) => ({
      ...{ address: s.address, program: s.program, told: told.includes(s.address) },
      ...{ firstSeen: s.first_seen.toISOString(), lastSeen: s.last_seen.toISOString() },
    })),
  }
}
