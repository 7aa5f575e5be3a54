import type { AnswerOf, sshAuthority as api } from '@claviger/api'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

const most = 500

/** Targets that trust the authority, by name, with how many of their accounts are reached by certificate. */
export async function trustingHosts(db: Db): Promise<AnswerOf<typeof api.sshAuthority>['hosts']> {
  const rows = await db
    .selectFrom('ssh_trust as s')
    .innerJoin('target as t', 't.id', 's.target_id')
    .select(['t.id', 't.name', 's.versions', 's.by_hand', 's.seen_at'])
    .where('s.state', '=', 'trusts')
    .select((e) =>
      e
        .selectFrom('account as a')
        .select((f) => f.fn.countAll<string>().as('n'))
        .whereRef('a.target_id', '=', 't.id')
        .where('a.login', '=', 'certificate')
        .as('accounts'),
    )
    .orderBy('t.name')
    .limit(most)
    .execute()
  return rows.map((r) => ({
    target: { id: r.id, name: r.name },
    trusted: trustedOf(r),
    accounts: Number(r.accounts),
  }))
}

export const trustedOf = (r: { versions: number[]; by_hand: boolean; seen_at: Date }) => ({
  ...{ version: Math.max(...r.versions), versions: r.versions, byHand: r.by_hand, at: r.seen_at.toISOString() },
})

/** With what sessions log in to an account, and whether its target trusts the authority. */
export async function loginOf(db: Db, account: string): Promise<AnswerOf<typeof api.accountLogin> | undefined> {
  const row = await db
    .selectFrom('account as a')
    .leftJoin('ssh_trust as s', (join) => join.onRef('s.target_id', '=', 'a.target_id').on('s.state', '=', 'trusts'))
    .select(['a.login', 's.target_id as trusts'])
    .where('a.id', '=', account)
    .executeTakeFirst()
  return row && { login: row.login ?? 'stored', possible: row.trusts !== null }
}
