import type { Keeper } from '../../keeper/client.ts'
import { ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { type RecordingPlaces, removeRecording } from '../recording/index.ts'
import { type LeftFile, setRemoved, withFiles } from './destruction.store.ts'
import { fileRemoved } from './events.ts'

export interface RemoveDeps extends RecordingPlaces {
  db: Db
  audit: Audit
  keeper: Keeper
  /** This node: what another one carried lies in its folder. */
  node: string
  now: () => Date
  log: (line: string) => void
}

const atOnce = 200

/** Removes the files of recordings whose keys are gone, as the keeper says, not the database. What a crash left is found here again. */
export async function removeFiles(deps: RemoveDeps, over: () => boolean = () => false): Promise<number> {
  let removed = 0
  for (let after = ''; !over(); ) {
    const left = await withFiles(deps.db, after, atOnce)
    for (const one of left) {
      if (over()) return removed
      if (await removeFile(deps, one)) removed += 1
    }
    const last = left.at(-1)
    if (!last || left.length < atOnce) return removed
    after = last.id
  }
  return removed
}

async function removeFile(deps: RemoveDeps, one: LeftFile): Promise<boolean> {
  const { audit, keeper, node, now, log } = deps
  const { recording, session, intent } = one
  // a row that somebody wrote removes no file: the keeper knows which recordings are destroyed
  const gone = await keeper.ask('destroyRecordingKeys', { recording })
  if (!gone.ok) {
    log(`the file of recording ${recording} is not removed: ${gone.error.message}`)
    return false
  }
  const removed = await removeRecording(deps, recording)
  if (!removed.ok) {
    log(`the file of recording ${recording} is not removed yet: ${removed.error.code}`)
    return false
  }
  const { bytes } = removed.value
  // what another server made, and shares with nobody, it removes itself
  if (bytes === 0 && one.node !== null && one.node !== '' && one.node !== node) return false
  await audit.act<void, never>({ act: 'recording.remove', by: null, about: { recording } }, async ({ tx, record }) => {
    if (await setRemoved(tx, one.id, now())) await record(fileRemoved({ recording, session, bytes }), [], intent ? { intent } : {})
    return ok(undefined)
  })
  return true
}
