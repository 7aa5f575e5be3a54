import type pg from 'pg'

export interface FactorUse {
  last_step: number
  failures: number
  locked_until: Date | null
}

export async function readFactorUse(pool: pg.Pool, factor: string): Promise<FactorUse> {
  const { rows } = await pool.query<FactorUse>('select last_step, failures, locked_until from vault.factor_use where factor_id = $1', [
    factor,
  ])
  return rows[0] ?? { last_step: 0, failures: 0, locked_until: null }
}

/** Spends a step. False when a node spent this one or a later one meanwhile: then nothing is changed. */
export async function spendStep(pool: pg.Pool, factor: string, step: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into vault.factor_use (factor_id, last_step) values ($1, $2)
     on conflict (factor_id) do update set last_step = excluded.last_step, failures = 0, locked_until = null
       where vault.factor_use.last_step < excluded.last_step`,
    [factor, step],
  )
  return rowCount === 1
}

/** Counts wrong codes: no fewer than were counted at another node, and a lock that stands is not shortened. */
export async function writeFailures(pool: pg.Pool, factor: string, use: FactorUse): Promise<void> {
  await pool.query(
    `insert into vault.factor_use (factor_id, last_step, failures, locked_until) values ($1, $2, $3, $4)
     on conflict (factor_id) do update set last_step = greatest(vault.factor_use.last_step, excluded.last_step), failures = excluded.failures,
       locked_until = greatest(vault.factor_use.locked_until, excluded.locked_until)`,
    [factor, use.last_step, use.failures, use.locked_until],
  )
}

export interface EnrolmentRow {
  token_hash: Buffer
  person_id: string
  factor_id: string | null
  expires_at: Date
  used_at: Date | null
  mac: Buffer
}

export async function readEnrolment(pool: pg.Pool, tokenHash: Buffer): Promise<EnrolmentRow | undefined> {
  const { rows } = await pool.query<EnrolmentRow>(
    'select token_hash, person_id, factor_id, expires_at, used_at, mac from vault.enrolment where token_hash = $1',
    [tokenHash],
  )
  return rows[0]
}

export async function writeEnrolment(pool: pg.Pool, row: EnrolmentRow): Promise<void> {
  await pool.query(
    `insert into vault.enrolment (token_hash, person_id, factor_id, expires_at, used_at, mac) values ($1, $2, $3, $4, $5, $6)
     on conflict (token_hash) do update set person_id = excluded.person_id, factor_id = excluded.factor_id, expires_at = excluded.expires_at, used_at = excluded.used_at, mac = excluded.mac`,
    [row.token_hash, row.person_id, row.factor_id, row.expires_at, row.used_at, row.mac],
  )
}

/** Uses a token up. False when that was done meanwhile, here or at another node. */
export async function useEnrolment(pool: pg.Pool, row: EnrolmentRow): Promise<boolean> {
  const { rowCount } = await pool.query('update vault.enrolment set used_at = $2, mac = $3 where token_hash = $1 and used_at is null', [
    row.token_hash,
    row.used_at,
    row.mac,
  ])
  return rowCount === 1
}

export interface CertificateRow {
  serial: number
  person_id: string
  public_key: Buffer
  /** When the factor was shown that the certificate stands for. */
  shown_at: Date
  valid_until: Date
  mac: Buffer
}

export async function insertCertificate(pool: pg.Pool, row: CertificateRow): Promise<void> {
  await pool.query(
    'insert into vault.certificate (serial, person_id, public_key, shown_at, valid_until, mac) values ($1, $2, $3, $4, $5, $6)',
    [row.serial, row.person_id, row.public_key, row.shown_at, row.valid_until, row.mac],
  )
}

export async function readCertificate(pool: pg.Pool, serial: number): Promise<CertificateRow | undefined> {
  return (
    await pool.query<CertificateRow>(
      'select serial, person_id, public_key, shown_at, valid_until, mac from vault.certificate where serial = $1',
      [serial],
    )
  ).rows[0]
}

/** Certificates of one person that have not run out, the newest first. */
export async function certificatesOf(pool: pg.Pool, person: string, now: Date): Promise<CertificateRow[]> {
  const { rows } = await pool.query<CertificateRow>(
    `select serial, person_id, public_key, shown_at, valid_until, mac from vault.certificate
     where person_id = $1 and valid_until > $2 order by valid_until desc limit 50`,
    [person, now],
  )
  return rows
}
