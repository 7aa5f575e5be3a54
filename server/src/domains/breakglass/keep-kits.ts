import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../../platform/db/open-db.ts'
import { markStale } from './breakglass.store.ts'
import { currentVersions, kitFile, listMarked, newestKits, showKeys, whatIsStale } from './breakglass.view.ts'
import { kitStale } from './events.ts'
import { type KitDeps, makeKit } from './make-kit.ts'

/** The newest kit under a name that stays, so that whatever carries it away needs to know no other. */
export const kitFileName = 'claviger.kit'

export interface KeepKitsDeps extends KitDeps {
  db: Db
  /** Where a new kit is laid down after each rotation; without it a stale kit is an alarm alone. */
  folder: string | null
  lookMs: number
  log: (line: string) => void
}

/** Looks whether the newest kit is as things are. One that is not is made anew where a folder was named, else it is an alarm, once. */
export async function lookAtKits(deps: KeepKitsDeps): Promise<'none' | 'good' | 'made' | 'stale'> {
  const { db, keeper, folder } = deps
  const [accounts, keys] = [await listMarked(db), await showKeys(db)]
  const key = keys.find((k) => k.state === 'active')
  if (!key || accounts.length === 0) return 'none'
  const versions = await currentVersions(
    keeper,
    accounts.map((a) => a.id),
  )
  // the keeper is away, or nothing was rotated into the location yet
  if (versions.length === 0) return 'none'
  const [kit] = await newestKits(db, 1)
  const stale = kit ? whatIsStale(kit, { key: key.id, accounts, versions }) : ['there is none']
  if (kit && stale.length === 0) {
    if (folder === null || isOnShelf(folder, kit.id)) return 'good'
    // made by hand, or by another server; or the folder could not be written then
    return (await laidDown(deps, folder, kit.id, await kitFile(db, kit.id))) ? 'good' : 'stale'
  }
  if (folder !== null) {
    const made = await makeKit(deps, null)
    if (made.ok) return (await laidDown(deps, folder, made.value.id, made.value.file)) ? 'made' : 'stale'
    deps.log(`a kit could not be made: ${made.error.code}`)
  }
  if (kit) await alarmOnce(deps, kit.id, stale)
  return 'stale'
}

/** One alarm for each kit. */
async function alarmOnce({ db, audit, now }: KeepKitsDeps, kit: string, because: readonly string[]): Promise<void> {
  if (await db.transaction().execute((tx) => markStale(tx, kit, now())))
    await audit.note(kitStale({ kit, because: because.slice(0, 20), tells: ['security'] }), null, { phase: 'alarm' })
}

/** Which kit lies there, as its first bytes say it. */
function isOnShelf(folder: string, kit: string): boolean {
  try {
    return readFileSync(join(folder, kitFileName), 'utf8').slice(0, 200).includes(`"id":"${kit}"`)
  } catch {
    return false
  }
}

async function laidDown(deps: KeepKitsDeps, folder: string, kit: string, file: string | undefined): Promise<boolean> {
  try {
    if (file) layDown(folder, file)
    return true
  } catch (error) {
    const why = `it could not be laid down in ${folder} (${(error as NodeJS.ErrnoException).code})`
    deps.log(`kit ${kit}: ${why}`)
    await alarmOnce(deps, kit, [why])
    return false
  }
}

function layDown(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fresh = join(folder, `.${kitFileName}.new`)
  writeFileSync(fresh, file, { mode: 0o644 })
  renameSync(fresh, join(folder, kitFileName))
}

/** Looks again and again, one look at a time. */
export function keepKits(deps: KeepKitsDeps): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(() => lookAtKits(deps).catch((error: unknown) => deps.log(`kits could not be looked at: ${String(error)}`)))
  }, deps.lookMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
