import type pg from 'pg'

export interface OpenSession {
  id: string
  person: string
  account: string
  target: string
}

const open = `from session s join account a on a.id = s.account_id
  where s.state in ('opening', 'running') and s.id <> $1 and (s.person_id = $2 or s.account_id = $3 or a.target_id = $4)`

/** Sessions that stand open and have something in common with this one, itself not. How many they are is asked first: mostly that is all. */
export async function openBeside(pool: pg.Pool, { id, person, account, target }: OpenSession, most: number): Promise<OpenSession[]> {
  const values = [id, person, account, target]
  const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count ${open}`, values)
  if ((rows[0]?.count ?? 0) < most) return []
  return (
    await pool.query<OpenSession>(`select s.id, s.person_id as person, s.account_id as account, a.target_id as target ${open}`, values)
  ).rows
}
