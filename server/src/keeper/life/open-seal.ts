import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { openKeeper } from '../open-keeper.ts'
import { refuse } from '../refuse.ts'
import { openDevRoot } from '../seal/dev-root.ts'
import { fits, openRecord } from '../seal/installation-state.ts'
import type { Belongings } from './belongings.ts'

/** Opens with a root key that the caller has and wipes, and enters in the ledger what happened while there were no keys for it. */
export async function openSeal(life: Belongings, root: Buffer): Promise<Result<void, KeeperRefusal>> {
  await life.look()
  const { pool, folder, setup, log, now, found } = life
  const fitting = [found.folder, found.database].some((r) => r && fits(root, r.facts))
  const record = fitting ? await openRecord(pool, folder, root, found) : undefined
  if (!record) {
    life.note('seal.does_not_open', {}, { phase: 'refused' })
    return refuse(
      'seal.does_not_open',
      "The root key does not fit this installation's record: the keys and the data belong to different installations, or somebody changed the record. Put back the matching one.",
    )
  }
  const { seal } = record.installation.facts
  const opened = await openKeeper({ pool, folder, root, record, setup, log, now })
  life.opened = opened
  for (const { at, act, fields, ...how } of life.notes.all()) await opened.context.note(act, fields, { ...how, at: new Date(at) })
  life.notes.clear()
  if (seal.kind === 'shamir') await opened.context.note('seal.unsealed', { set: seal.set })
  life.become('open')
  return ok(undefined)
}

/** Opens with the key file. Throws when it is not there or does not fit. */
export async function openDevSeal(life: Belongings): Promise<void> {
  const root = openDevRoot(life.folder)
  try {
    const opened = await openSeal(life, root)
    if (!opened.ok) throw new Error(opened.error.message)
  } finally {
    root.fill(0)
  }
}
