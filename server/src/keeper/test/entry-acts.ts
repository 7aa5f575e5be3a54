import type pg from 'pg'

/** The entries of the ledger as `act fields`, oldest first. */
export async function entryActs(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ bytes: Buffer }>('select bytes from ledger_entry order by at')
  return rows.map(({ bytes }) => {
    const text = bytes.toString('utf8')
    return `${/"act":"([a-z_.]+)"/.exec(text)?.[1]} ${text}`
  })
}
