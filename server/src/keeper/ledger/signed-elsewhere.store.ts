import type pg from 'pg'

export interface StoredCheckpoint {
  epoch: number
  size: number
  note: string
}
export interface SignedElsewhere {
  /** The epoch of whoever was elected to sequence. */
  elected: number
  /** Beyond what we know, the latest first. Whatever carries our signature among them was signed by a keeper of this installation. */
  checkpoints: StoredCheckpoint[]
}

/** How many are looked at for one that is genuine: others are what somebody put there. */
const looked = 20

/** What the database says that was signed after `epoch` and `size`. One statement: it is asked before each signature. */
export async function readSignedElsewhere(pool: pg.Pool, epoch: number, size: number): Promise<SignedElsewhere> {
  const { rows } = await pool.query<{ elected: number; epoch: number | null; size: number; note: string }>({
    name: 'signed-elsewhere',
    text: `select s.epoch as elected, c.epoch, c.size, c.note from ledger_sequencer s left join lateral (
       select epoch, size, note from ledger_checkpoint where (epoch, size) > ($1, $2) order by epoch desc, size desc limit ${looked}) c on true`,
    values: [epoch, size],
  })
  return {
    elected: rows[0]?.elected ?? 0,
    checkpoints: rows.flatMap(({ epoch: of, size: over, note }) => (of === null ? [] : [{ epoch: of, size: over, note }])),
  }
}

/** The largest checkpoints of an epoch that cover at most `upTo` entries: who is far behind goes in steps. */
export async function readSteps(pool: pg.Pool, epoch: number, after: number, upTo: number): Promise<StoredCheckpoint[]> {
  const { rows } = await pool.query<StoredCheckpoint>(
    `select epoch, size, note from ledger_checkpoint where epoch = $1 and size > $2 and size <= $3 order by size desc limit ${looked}`,
    [epoch, after, upTo],
  )
  return rows
}
