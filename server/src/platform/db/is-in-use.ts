import type pg from 'pg'

/** Whether a Claviger ever lived in this database. Tables without a row in them are what a restore leaves that was refused. */
export async function isInUse(client: pg.Client): Promise<boolean> {
  const one = async (text: string): Promise<boolean> =>
    (await client.query<{ yes: boolean }>(`select ${text} as yes`)).rows[0]?.yes === true
  for (const table of ['public.ledger_entry', 'vault.installation', 'public.person'])
    if ((await one(`to_regclass('${table}') is not null`)) && (await one(`exists (select from ${table})`))) return true
  return false
}
