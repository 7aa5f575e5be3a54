import { compare, type Verdict } from './compare.ts'
import { readRows } from './rows.ts'
import { runLane } from './run-lane.ts'
import { wires } from './ways.ts'
import { startWorld } from './world.ts'

/** Does every cell of the table with the real product; `only` keeps the rows whose name has this, or one of several between `|`. */
export async function performAll(say: (line: string) => void, only = ''): Promise<Verdict[]> {
  const rows = (await readRows()).filter(({ act, wire }) => only.split('|').some((one) => `${wire}: ${act}`.includes(one)))
  const world = await startWorld()
  try {
    const seen = await Promise.all(
      wires.map(async (wire) => {
        const mine = rows.filter((row) => row.wire === wire)
        return mine.length === 0 ? [] : await runLane(await world.lanes[wire], mine, say)
      }),
    )
    return compare(seen.flat())
  } finally {
    await world.stop()
  }
}
