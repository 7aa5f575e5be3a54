import type { session } from '@claviger/api'
import { until } from '../support/until.ts'
import type { Lane } from './lane.ts'
import { bare, counts, entriesSince, newestPlace } from './ledger.ts'
import type { Live } from './live.ts'
import { recorded } from './recording.ts'
import type { Perform, Row } from './row.ts'
import { type Path, paths } from './ways.ts'

/** What a cell left behind, in words that are the same whenever it is the same. */
export interface Seen {
  row: Row
  path: Path
  ledger: string[]
  recording: string[]
  /** It could not be done. */
  error?: string
}

interface Done {
  row: Row
  path: Path
  from: number
  to: number
  sessions: string[]
  error?: string
}

/** Does all rows of a lane one after the other, and only then looks at what each cell left behind: nothing comes too late to be seen. */
export async function runLane(lane: Lane, rows: readonly Row[], say: (line: string) => void): Promise<Seen[]> {
  const start = await newestPlace(lane.carol)
  const done: Done[] = []
  for (const row of rows) {
    const cells = paths.flatMap((path) => {
      const perform = row.cells[path]
      return typeof perform === 'string' ? [] : [{ row, path, perform }]
    })
    const began = performance.now()
    await lane.enoughTickets()
    const undo = await row.prepare?.(lane)
    if (row.together) done.push(...(await together(lane, row, cells)))
    else for (const cell of cells) done.push(await alone(lane, cell))
    await undo?.()
    say(`${row.wire}: ${row.act} (${cells.length} cells, ${((performance.now() - began) / 1000).toFixed(1)} s)`)
  }
  const sessions = new Map((await lane.sessions()).map((s) => [s.id, s]))
  const entries = (await entriesSince(lane.carol, start)).filter(counts)
  return await Promise.all(done.map((cell) => look(lane, cell, entries, sessions)))
}

interface Doing {
  row: Row
  path: Path
  perform: Perform
}

async function alone(lane: Lane, { row, path, perform }: Doing): Promise<Done> {
  await lane.grant()
  const cell = await begin(lane, row, path)
  try {
    await perform(lane)
    await settled(lane, cell)
  } catch (error) {
    cell.error = error instanceof Error ? error.message : String(error)
  }
  return await finished(lane, cell)
}

/** All are opened; then it happens to all of them, and all are waited for. */
async function together(lane: Lane, row: Row, cells: readonly Doing[]): Promise<Done[]> {
  const done: Done[] = []
  const open: { cell: Done; live: Live }[] = []
  const attempt = async (cell: Done, act: () => Promise<void>) => {
    try {
      if (cell.error === undefined) await act()
    } catch (error) {
      cell.error = error instanceof Error ? error.message : String(error)
    }
  }
  await row.together?.before(lane)
  await lane.grant()
  for (const { path } of cells) {
    const begun = await begin(lane, row, path)
    await attempt(begun, async () => void open.push({ cell: begun, live: await lane.open(path) }))
    done.push(await finished(lane, begun))
  }
  await row.together?.deed(lane)
  for (const { cell, live } of open) {
    const mine = done.find(({ path }) => path === cell.path) ?? cell
    await attempt(mine, async () => {
      await lane.over(live.id)
      await live.gone()
      await settled(lane, mine)
    })
  }
  return done
}

const begin = async (lane: Lane, row: Row, path: Path): Promise<Done> => {
  const known = (await lane.sessions()).map(({ id }) => id)
  lane.began = await newestPlace(lane.carol)
  return { row, path, from: lane.began, to: 0, sessions: known }
}
/** Which sessions are new is what they were less what was known. */
const finished = async (lane: Lane, cell: Done): Promise<Done> => {
  const known = new Set(cell.sessions)
  const now = (await lane.sessions()).map(({ id }) => id)
  return { ...cell, to: await newestPlace(lane.carol), sessions: now.filter((id) => !known.has(id)).reverse() }
}

async function settled(lane: Lane, { sessions: known, from, row, path }: Done): Promise<void> {
  await until(
    `what ${path} did (${row.act}) to be settled`,
    async () => {
      const mine = (await lane.sessions()).filter(({ id }) => row.together || !known.includes(id))
      if (mine.some(({ state, endedAt }) => state === 'opening' || !endedAt)) return false
      const entries = await entriesSince(lane.carol, from)
      const over = (id: string) => entries.some((e) => e.fields.session === id && /^session\.(ended|not_opened|interrupted)$/.test(e.act))
      return row.together !== undefined || mine.every(({ id }) => over(id))
    },
    120,
  )
}

async function look(
  lane: Lane,
  { row, path, from, to, sessions, error }: Done,
  entries: Awaited<ReturnType<typeof entriesSince>>,
  all: ReadonlyMap<string, session.Session>,
): Promise<Seen> {
  const meanwhile = entries.filter(({ place }) => (place ?? 0) > from && (place ?? 0) <= to)
  const mine = entries.filter((e) =>
    typeof e.fields.session === 'string' ? sessions.includes(e.fields.session) : lane.has(e) && meanwhile.includes(e),
  )
  const carried = meanwhile.some(
    ({ act, fields }) => act === 'session.forwarding' && lane.world.carriers.has(String(fields.session)) && fields.port === lane.door,
  )
  const names = (id: string) =>
    id === lane.alice.id ? 'alice' : id === lane.carol.id ? 'carol' : (kinds[id.slice(0, 3)] ?? id.slice(0, 3))
  const way = path === 'web' ? 'web' : 'native'
  const left = sessions.flatMap((id) => all.get(id) ?? [])
  const files = (id: string) => mine.some(({ act, fields }) => act === 'session.file' && fields.session === id)
  return {
    ...{ row, path, ...(error !== undefined && { error }) },
    ...(path === 'forwarded' && !carried && { error: 'what carried it left no entry about that' }),
    ledger: mine.map((entry) => bare(entry, names, way)).sort(),
    recording: (await Promise.all(left.map((one) => recorded(lane, one, { files: files(one.id) })))).flat(),
  }
}

const kinds: Record<string, string> = {
  ...{ ses: 'session', rec: 'recording', grt: 'grant', req: 'request', acc: 'account', tgt: 'target', per: 'somebody', ent: 'entry' },
  pol: 'policy',
}
