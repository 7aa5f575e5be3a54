import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { openKeeper } from '../open-keeper.ts'
import { refuse } from '../refuse.ts'
import type { SealFacts } from '../seal/installation.ts'
import { fits, openRecord } from '../seal/installation-state.ts'
import { KeyMisfit } from '../seal/key-misfit.ts'
import { allKinds, kindOf } from '../seal/kinds/kinds.ts'
import type { Belongings } from './belongings.ts'

/** Opens with a root key that the caller has and wipes, and enters in the ledger what happened while there were no keys for it. */
export async function openSeal(life: Belongings, root: Buffer): Promise<Result<void, KeeperRefusal>> {
  await life.look()
  const { pool, folder, setup, backupsTo, log, now, found, readCacheMs, sshSources, seats, passkeySite } = life
  const fitting = [found.folder, found.database].some((r) => r && fits(root, r.facts))
  const record = fitting ? await openRecord(pool, folder, root, found) : undefined
  if (record === 'replaced')
    return doesNotOpen(
      life,
      'seal.replaced',
      'That opens nothing any more: the root key was replaced since. Take the newest shares; a key file or token of before is of no use.',
    )
  if (!record)
    return doesNotOpen(
      life,
      'seal.does_not_open',
      "The root key does not fit this installation's record: the keys and the data belong to different installations, or somebody changed the record. Put back the matching one.",
    )
  const { seal } = record.installation.facts
  try {
    life.opened = await openKeeper({
      ...{ pool, folder, root, record, setup, backupsTo, log, now },
      ...{ readCacheMs, sshSources, seats, passkeySite },
    })
  } catch (error) {
    if (!(error instanceof KeyMisfit)) throw error
    return doesNotOpen(life, 'seal.does_not_open', error.message)
  }
  const { context } = life.opened
  // what a seal before this one left, where the server died before it could be taken away
  for (const kind of allKinds) kind.tidy?.(kind.kind === seal.kind ? seal : undefined, life.place)
  for (const { at, act, fields, ...how } of life.notes.all()) await context.note(act, fields, { ...how, at: new Date(at) })
  life.notes.clear()
  if (seal.kind !== 'dev') await context.note('seal.unsealed', { set: seal.kind === 'shamir' ? seal.set : null })
  life.waiting = undefined
  life.become('open')
  return ok(undefined)
}

function doesNotOpen(life: Belongings, code: string, why: string): Result<never, KeeperRefusal> {
  life.note('seal.does_not_open', {}, { phase: 'refused' })
  return refuse(code, why)
}

/**
 * Opens a seal that needs nobody. Where the database says that another seal came after the folder's, the folder's own is tried first: only its
 * root key can tell whether that is true. What the folder says may have been spoiled, and the database's copy be whole. Undefined: the seal that
 * counts takes shares.
 */
export async function openByItself(life: Belongings): Promise<Result<void, KeeperRefusal> | undefined> {
  const { folder, database } = life.found
  const leading = life.record()?.facts.seal
  let why: Result<void, KeeperRefusal> | undefined
  for (const facts of differing([folder?.facts.seal, leading, database?.facts.seal])) {
    const opened = await openWith(life, facts)
    if (opened?.ok) return opened
    if (facts.kind === leading?.kind) why ??= opened
  }
  return why
}

const differing = (all: readonly (SealFacts | undefined)[]): SealFacts[] => [
  ...new Map(all.flatMap((facts) => (facts ? [[JSON.stringify(facts), facts] as const] : []))).values(),
]

async function openWith(life: Belongings, facts: SealFacts): Promise<Result<void, KeeperRefusal> | undefined> {
  const root = await kindOf(facts.kind).open?.(facts, life.place)
  if (!root?.ok) return root
  try {
    return await openSeal(life, root.value)
  } finally {
    root.value.fill(0)
  }
}
