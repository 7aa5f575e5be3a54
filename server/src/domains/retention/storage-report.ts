import { statfs } from 'node:fs/promises'
import type { AnswerOf, retention as api } from '@claviger/api'
import { type RetentionClass, retentionOf } from '../../keeper/facts/retention.ts'
import type { Keeping } from '../../keeper/facts/retention-rows.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { countDestroyed } from './destruction.store.ts'
import { dueSessions } from './due-sessions.ts'
import { recordedSince, type StoredGroup, storedByMonth, storedByPlace } from './retention.view.ts'

type Report = AnswerOf<typeof api.storage>
const dayMs = 86_400_000
/** Over how many days growth is measured, and how far the report looks ahead. */
const days = 30
const shownDue = 50

/** What recordings take and where they lie, how fast that grows, when the disk is full at this rate, and what goes in the next days. */
export async function storageReport(db: Db, keeping: Keeping, recordings: string, now: Date): Promise<Report> {
  const groups = await storedByMonth(db)
  const { bytes: fresh, here, first } = await recordedSince(db, new Date(now.getTime() - days * dayMs))
  const age = first ? Math.min(days, Math.max(1, (now.getTime() - first.getTime()) / dayMs)) : days
  const perDay = Math.round(fresh / age)
  const disk = await freeIn(recordings)
  // what is carried to a bucket fills no disk of ours
  const herePerDay = Math.round(here / age)
  const fullInDays = disk && herePerDay > 0 ? Math.floor(disk.free / herePerDay) : null
  const gone = await countDestroyed(db)
  return {
    total: sum(groups),
    months: folded(groups, (g) => g.month).map(([month, all]) => ({ month, ...sum(all) })),
    kinds: folded(groups, (g) => g.place.kind).map(([kind, all]) => ({ kind, ...sum(all) })),
    classes: folded(groups, (g) => classOf(g, keeping.classes)).map(([name, all]) => ({ name, ...sum(all) })),
    places: await storedByPlace(db),
    growth: { days: Math.round(age), bytesPerDay: perDay },
    disk: disk && { ...disk, bytesPerDay: herePerDay, fullInDays, fullAt: fullInDays === null ? null : dateOf(now, fullInDays) },
    next: await nextDays(db, keeping, now),
    destroyed: gone,
  }
}

const dateOf = (now: Date, inDays: number): string | null => {
  const at = new Date(now.getTime() + inDays * dayMs)
  return Number.isNaN(at.getTime()) || inDays > 36_500 ? null : at.toISOString()
}

function folded(groups: readonly StoredGroup[], by: (g: StoredGroup) => string): [string, StoredGroup[]][] {
  const found = new Map<string, StoredGroup[]>()
  for (const group of groups) found.set(by(group), [...(found.get(by(group)) ?? []), group])
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}

const sum = (groups: readonly StoredGroup[]) => ({
  recordings: groups.reduce((n, g) => n + g.recordings, 0),
  bytes: groups.reduce((n, g) => n + g.bytes, 0),
  unmeasured: groups.reduce((n, g) => n + g.unmeasured, 0),
})

/** The class by which recordings of this target are kept longest; empty where none is for it. */
function classOf({ openedAt, place }: StoredGroup, classes: readonly RetentionClass[]): string {
  const one = { id: '', person: '', account: '', openedAt, endedAt: openedAt, grantClosedAt: openedAt, places: [place] }
  // confirmed or not, closed or not: by what they say
  const said = classes.map((c) => ({ ...c, confirmed: true }))
  return retentionOf(one, said, [], () => undefined).by?.name ?? ''
}

async function nextDays(db: Db, keeping: Keeping, now: Date): Promise<Report['next']> {
  const next: Report['next'] = { days, recordings: 0, bytes: 0, first: [] }
  for await (const { session, bytes, name, who, kept } of dueSessions(db, keeping, new Date(now.getTime() + days * dayMs))) {
    next.recordings += 1
    next.bytes += bytes
    if (next.first.length < shownDue && kept.until)
      next.first.push({ session: session.id, name, person: who, bytes, class: kept.by?.name ?? '', until: kept.until.toISOString() })
  }
  return next
}

/** Undefined where the folder cannot be looked at. */
async function freeIn(folder: string): Promise<{ free: number; size: number } | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { free: bavail * bsize, size: blocks * bsize }
  } catch {
    return null
  }
}
