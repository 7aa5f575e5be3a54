import type { AnswerOf, inventory as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Standing = AnswerOf<typeof api.standing>

/** Privileged accounts counted by tier, category and state, for the picture on the home page. */
export async function showStanding(db: Db): Promise<Standing> {
  const counts = await db
    .selectFrom('account')
    .select(['tier', 'category', 'state', ({ fn }) => fn.countAll<string>().as('n')])
    .where('gone_at', 'is', null)
    .groupBy(['tier', 'category', 'state'])
    .orderBy('tier')
    .orderBy('category')
    .orderBy('state')
    .limit(100)
    .execute()
  const { foreign_keys } = await db
    .selectFrom('account')
    .select(({ fn }) => fn.countAll<string>().as('foreign_keys'))
    .where('gone_at', 'is', null)
    // of a managed account every foreign key was removed; what discovery saw before that is of yesterday
    .where('state', '<>', 'managed')
    .where(sql<boolean>`jsonb_array_length(authorised_keys) > 0`)
    .executeTakeFirstOrThrow()
  const targets = await db
    .selectFrom('target')
    .select([({ fn }) => fn.countAll<string>().as('all'), sql<string>`count(*) filter (where last_discovery is null)`.as('never_searched')])
    .executeTakeFirstOrThrow()
  return {
    counts: counts.map(({ tier, category, state, n }) => ({
      tier,
      category: category as Standing['counts'][number]['category'],
      state: state as Standing['counts'][number]['state'],
      accounts: Number(n),
    })),
    foreignKeys: Number(foreign_keys),
    targets: Number(targets.all),
    neverSearched: Number(targets.never_searched),
  }
}
