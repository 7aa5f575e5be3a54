import type { SshRotation } from '@claviger/api'
import type { Db } from '../../platform/db/open-db.ts'
import { countWaiting, readSshRotation, waitingHosts } from './ssh-rotation.store.ts'

const most = 500

/** How far the replacement of the SSH authority is, or how the last one ended; null where there never was one. */
export async function sshRotationView(db: Db): Promise<SshRotation | null> {
  const row = await readSshRotation(db)
  if (!row) return null
  const waits = row.step !== 'done'
  const { n } = await db
    .selectFrom('ssh_trust')
    .select((e) => e.fn.countAll<string>().as('n'))
    .where('state', '=', 'trusts')
    .executeTakeFirstOrThrow()
  const waiting = waits
    ? await waitingHosts(db, row)
        .innerJoin('target as t', 't.id', 'ssh_trust.target_id')
        .select(['t.id', 't.name', 'by_hand', 'tries', 'next_try', 'why'])
        .orderBy('t.name')
        .limit(most)
        .execute()
    : []
  const left = row.left_out.map(({ target }) => target)
  const targets = left.length > 0 ? await db.selectFrom('target').select(['id', 'name']).where('id', 'in', left).execute() : []
  const officers = row.left_out.map(({ by }) => by)
  const people = left.length > 0 ? await db.selectFrom('person').select(['id', 'display_name']).where('id', 'in', officers).execute() : []
  return {
    ...{ step: row.step, from: row.old_version, to: row.new_version },
    ...{ begunAt: row.begun_at.toISOString(), changedAt: row.changed_at.toISOString() },
    ...{ of: Number(n), told: Number(n) - (waits ? await countWaiting(db, row) : 0) },
    waiting: waiting.map((w) => ({
      ...{ target: { id: w.id, name: w.name }, byHand: w.by_hand, tries: w.tries },
      ...{ nextTry: w.next_try?.toISOString() ?? null, why: w.why },
    })),
    leftOut: row.left_out.map(({ target, reason, by }) => ({
      ...{
        target: { id: target, name: targets.find(({ id }) => id === target)?.name ?? target },
        reason,
        by: people.find(({ id }) => id === by)?.display_name ?? by,
      },
    })),
  }
}
