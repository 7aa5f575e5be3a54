import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { openKeeper } from '../open-keeper.ts'
import { refuse } from '../refuse.ts'
import { openDevRoot } from '../seal/dev-root.ts'
import { fits, openRecord } from '../seal/installation-state.ts'
import { KeyMisfit } from '../seal/key-misfit.ts'
import type { Belongings } from './belongings.ts'

/** Opens with a root key that the caller has and wipes, and enters in the ledger what happened while there were no keys for it. */
export async function openSeal(life: Belongings, root: Buffer): Promise<Result<void, KeeperRefusal>> {
  await life.look()
  const { pool, folder, setup, log, now, found } = life
  const fitting = [found.folder, found.database].some((r) => r && fits(root, r.facts))
  const record = fitting ? await openRecord(pool, folder, root, found) : undefined
  if (!record)
    return doesNotOpen(
      life,
      "The root key does not fit this installation's record: the keys and the data belong to different installations, or somebody changed the record. Put back the matching one.",
    )
  const { seal } = record.installation.facts
  try {
    life.opened = await openKeeper({ pool, folder, root, record, setup, log, now })
  } catch (error) {
    if (!(error instanceof KeyMisfit)) throw error
    return doesNotOpen(life, error.message)
  }
  const { context } = life.opened
  for (const { at, act, fields, ...how } of life.notes.all()) await context.note(act, fields, { ...how, at: new Date(at) })
  life.notes.clear()
  if (seal.kind === 'shamir') await context.note('seal.unsealed', { set: seal.set })
  life.become('open')
  return ok(undefined)
}

function doesNotOpen(life: Belongings, why: string): Result<never, KeeperRefusal> {
  life.note('seal.does_not_open', {}, { phase: 'refused' })
  return refuse('seal.does_not_open', why)
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
