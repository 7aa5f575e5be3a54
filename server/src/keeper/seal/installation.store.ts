import type pg from 'pg'

/** The record as the database has it; undefined when it has none. */
export async function findRecord(pool: pg.Pool): Promise<string | undefined> {
  return (await pool.query<{ record: string }>('select record from vault.installation')).rows[0]?.record
}

/** Whether anything was ever recorded or sealed here: then a vault without keys is one that lost them, and no fresh one. */
export async function hasHistory(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ history: boolean }>(
    'select exists (select from ledger_entry) or exists (select from vault.secret_version) as history',
  )
  return rows[0]?.history === true
}

/**
 * Lays down a fresh installation, its record and its location keys in one transaction. With `instead`, that record is replaced: one that was
 * never opened. False when another keeper was first.
 */
export async function layDown(
  pool: pg.Pool,
  revision: number,
  record: string,
  keys: readonly { name: string; wrapped: Buffer }[],
  instead: string | undefined,
): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rowCount } =
      instead === undefined
        ? await client.query('insert into vault.installation (revision, record) values ($1, $2) on conflict do nothing', [revision, record])
        : await client.query(
            'update vault.installation set revision = $1, record = $2, changed_at = clock_timestamp() where record = $3 and not exists (select from vault.secret_version)',
            [revision, record, instead],
          )
    if (rowCount === 1) {
      for (const { name, wrapped } of keys)
        await client.query(
          'insert into vault.location_key (name, version, wrapped) values ($1, 1, $2) on conflict (name, version) do update set wrapped = excluded.wrapped',
          [name, wrapped],
        )
    }
    await client.query(rowCount === 1 ? 'commit' : 'rollback')
    return rowCount === 1
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** Writes a later record over whatever stands there, unless `isLater` says that it is one which came after ours: then it throws. */
export async function putRecord(pool: pg.Pool, revision: number, record: string, isLater: (there: string) => boolean): Promise<void> {
  await inTransaction(pool, async (client) => {
    const there = (await client.query<{ record: string }>('select record from vault.installation for update')).rows[0]
    if (there && isLater(there.record))
      throw new Error('the root key was replaced at another server of this installation: close the seal of this one and open it anew')
    await client.query(
      `insert into vault.installation (revision, record) values ($1, $2)
       on conflict (one) do update set revision = excluded.revision, record = excluded.record, changed_at = clock_timestamp()`,
      [revision, record],
    )
  })
}

/**
 * Puts a record in the place of exactly this one, with what belongs to it, in one transaction: the step at which one root key ends and the next one
 * counts. False, and nothing done, when another record stands there.
 */
export async function replaceRecord(
  pool: pg.Pool,
  before: string,
  next: { revision: number; text: string },
  along: (client: pg.PoolClient) => Promise<void>,
): Promise<boolean> {
  const stands = Symbol()
  try {
    await inTransaction(pool, async (client) => {
      const { rowCount } = await client.query(
        'update vault.installation set revision = $1, record = $2, changed_at = clock_timestamp() where record = $3',
        [next.revision, next.text, before],
      )
      if (rowCount !== 1) throw stands
      await along(client)
    })
    return true
  } catch (error) {
    if (error === stands) return false
    throw error
  }
}

async function inTransaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** Grants that the rows call active: a sealed keeper can give nothing on them, and somebody should know that they are there. */
export async function countRunningGrants(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>("select count(*)::int as n from access_grant where state = 'active' and ends_at > now()")
  return rows[0]?.n ?? 0
}
