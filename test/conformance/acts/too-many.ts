import { type Lane, mostSessions } from '../lane.ts'
import type { Live } from '../live.ts'
import { notOpened } from '../reasons.ts'
import { type Cell, rowsFor } from '../row.ts'
import { turnedAway } from '../turned-away.ts'
import { type Path, paths } from '../ways.ts'

const says = new RegExp(`${mostSessions} sessions are open with \\S+, and no account has more at once`)

/** As many as there may be. They are no part of what is compared. */
async function full(lane: Lane): Promise<() => Promise<void>> {
  const lives: Live[] = []
  while (lives.length < mostSessions) {
    const live = await lane.open(lane.wire === 'ssh' ? 'native' : 'api')
    lane.world.carriers.add(live.id)
    lives.push(live)
  }
  return async () => {
    for (const live of lives) await live.leave()
  }
}

const at =
  (path: Path): Cell =>
  async (lane) => {
    await turnedAway(lane, path, says)
    await lane.sees((e) => e.act === 'session.attempt' && e.fields.code === 'session.too_many')
  }

/** The account has as many sessions as it may have at once. */
export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: 'turned away: one session too many',
  leaves: [/^session\.attempt \(refused\) .*code=session\.too_many/],
  prepare: full,
  cells: Object.fromEntries(paths.map((path) => [path, notOpened[wire][path] ?? at(path)])) as Record<Path, Cell>,
}))
