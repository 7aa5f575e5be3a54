import type { Lane } from './lane.ts'
import type { Live } from './live.ts'
import { type Path, paths, type Wire } from './ways.ts'

/** Does the act, to its end. */
export type Perform = (lane: Lane) => Promise<void>
/** How the act is done by a path, or why there is no such thing. */
export type Cell = Perform | string

/** An act over one wire: what it leaves behind is the same in each of its cells, the first of which is what the others are held against. */
export interface Row {
  act: string
  wire: Wire
  /** What each cell must leave behind at the least, as lines of its entries or its recording. */
  leaves: readonly RegExp[]
  cells: Record<Path, Cell>
  /** All cells are under way at the same time, and then one thing happens to all of them. */
  together?: Together
  /** Before the first cell, and no part of it; what is answered undoes it behind the last. */
  prepare?(lane: Lane): Promise<() => Promise<void>>
  /** Afterwards the account is not what it was. */
  last?: true
}

export interface Together {
  /** Before the first is opened. */
  before(lane: Lane): Promise<void>
  deed(lane: Lane): Promise<void>
}

/** The same for each wire that is named. */
export const rowsFor = (on: readonly Wire[], row: (wire: Wire) => Omit<Row, 'wire'>): Row[] => on.map((wire) => ({ wire, ...row(wire) }))

/** By each path in a session that the path opens; `not` says where that makes no sense, and why. `over`: it has ended by what was done. */
export const inSessions = (
  doing: (live: Live, lane: Lane, path: Path) => Promise<unknown>,
  not: Partial<Record<Path, string>> = {},
): Record<Path, Cell> =>
  Object.fromEntries(
    paths.map((path) => [
      path,
      not[path] ??
        (async (lane: Lane) => {
          const live = await lane.open(path)
          if ((await doing(live, lane, path)) !== 'over') return await live.leave()
          await lane.over(live.id)
          await live.gone()
        }),
    ]),
  ) as Record<Path, Cell>
