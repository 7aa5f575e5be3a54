import type pg from 'pg'

export interface TicketRow {
  /** SHA-256 of the ticket's text. */
  ticket_hash: Buffer
  person_id: string
  grant_id: string
  /** Address of the client that asked for it. */
  source: string
  shown_at: Date
  shown_until: Date
  expires_at: Date
  mac: Buffer
}

export async function insertTicket(pool: pg.Pool, row: TicketRow): Promise<void> {
  await pool.query(
    `insert into vault.connection_ticket (ticket_hash, person_id, grant_id, source, shown_at, shown_until, expires_at, mac)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.ticket_hash, row.person_id, row.grant_id, row.source, row.shown_at, row.shown_until, row.expires_at, row.mac],
  )
}

export async function readTicket(pool: pg.Pool, hash: Buffer): Promise<TicketRow | undefined> {
  const { rows } = await pool.query<TicketRow>(
    `select ticket_hash, person_id, grant_id, source, shown_at, shown_until, expires_at, mac
     from vault.connection_ticket where ticket_hash = $1`,
    [hash],
  )
  return rows[0]
}

/** Tickets of one grant that still open something. */
export async function countTickets(pool: pg.Pool, grant: string, now: Date): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    'select count(*)::int as n from vault.connection_ticket where grant_id = $1 and expires_at > $2',
    [grant, now],
  )
  return rows[0]?.n ?? 0
}

export async function deleteTicketsBefore(pool: pg.Pool, at: Date): Promise<void> {
  await pool.query('delete from vault.connection_ticket where expires_at < $1', [at])
}
