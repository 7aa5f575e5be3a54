import type { replay } from '@claviger/api'
import { Parts } from '../sessions/parts.ts'
import { ReplayPlayer, type Stage } from '../sessions/replay-player.ts'
import { replayStage } from '../sessions/replay-stage.ts'
import { timelineOf } from '../sessions/timeline.ts'

/*
 * The console's player, in a page with nothing around it. Built for the browser by bench/sessions/replay.ts.
 */

interface Given {
  opened: { columns: number; rows: number; seconds: number; parts: readonly number[] }
  places: readonly number[]
}
declare const fetchPart: (n: number) => Promise<string>

/** Milliseconds of each jump, until it is drawn; no part is there before. */
async function seeks({ opened, places }: Given): Promise<number[]> {
  const size = { cols: opened.columns, rows: opened.rows }
  const element = document.getElementById('screen') as HTMLElement
  let leave = () => {}
  const stage = await new Promise<Stage>((ready) => {
    leave = replayStage(element, size, ready)
  })
  const took: number[] = []
  for (const place of places) {
    const parts = new Parts(async (n) => JSON.parse(await fetchPart(n)) as replay.ReplayPart)
    const of = { stage, parts, size, starts: opened.parts, duration: opened.seconds, changed: () => undefined }
    const player = new ReplayPlayer(of, timelineOf([], opened.seconds, true))
    const begun = performance.now()
    await player.seek(place * opened.seconds)
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    took.push(performance.now() - begun)
    if (player.state.trouble) throw player.state.trouble
  }
  leave()
  return took
}

Object.assign(window, { seeks })
