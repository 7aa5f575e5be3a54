import { monitorEventLoopDelay } from 'node:perf_hooks'
import { must } from '../../server/src/domains/identity/test/house.ts'
import { OutlineThread } from '../../server/src/domains/recording/index.ts'
import { goOnAhead } from '../../server/src/domains/session/replay/go-on-ahead.ts'
import { type OpenReplay, openReplay } from '../../server/src/domains/session/replay/open-replay.ts'
import { replayPart } from '../../server/src/domains/session/replay/replay-part.ts'
import { OpenViews } from '../../server/src/domains/session/views/open-views.ts'
import { openWorld, type World } from '../../server/src/keeper/test/world.ts'
import type { SessionId } from '../../server/src/kernel/id.ts'
import type { Bench } from '../contract.ts'
import { measured } from '../measurement.ts'
import { beginRecording, lines, type Recorded } from './begin-recording.ts'

const mebibyte = 1024 * 1024
/** What came of the session so far. */
const sizes = [1, 10, 100]
const metrics = (size: number) => ({
  first: `replay.running.first.${size}`,
  next: `replay.running.next.${size}`,
  held: `replay.running.held.${size}`,
  unread: `replay.running.unread.${size}`,
})

/** What the gateway leaves to who looks first, at most: it goes on when there is more. */
const leftBehind = 256 * 1024

/** A session that goes on, looked into by somebody: the first look and the next one read what came since, the one of what the gateway did not read all that there is. */
export async function measureRunning(bench: Bench): Promise<void> {
  const wanted = sizes.filter((size) => Object.values(metrics(size)).some(bench.wanted))
  if (wanted.length === 0) return
  const world = await openWorld()
  bench.closeWhenEnded(world.close)
  try {
    for (const size of wanted) await measureSize(bench, world, size)
  } finally {
    await world.close()
  }
}

async function measureSize(bench: Bench, world: World, size: number): Promise<void> {
  const recorded = await beginRecording(world)
  let second = 0
  const work = async (bytes: number) => {
    for (const until = recorded.size().shown + bytes; recorded.size().shown < until; ) await recorded.show(second++, lines(second * 40, 40))
  }
  await work((size * mebibyte) / (bench.quick ? 10 : 1))
  const { chunks, bytes, shown } = recorded.size()
  bench.report.say(`running: ${chunks} chunks, ${(bytes / mebibyte).toFixed(1)} MiB sealed, ${(shown / mebibyte).toFixed(1)} MiB shown`)
  const took = { first: [] as number[], next: [] as number[], held: [] as number[], unread: [] as number[] }
  const thread = new OutlineThread()
  // the first round counts for nobody
  for (let run = 0; run <= bench.runs; run++) {
    await world.sql('delete from recording_outline where recording_id = $1', [recorded.growing.facts.recording])
    const unread = await look(world, recorded)
    await world.sql('delete from recording_outline where recording_id = $1', [recorded.growing.facts.recording])
    while ((await goOnAhead({ db: world.db, thread }, recorded.growing)) === 'more');
    await work(leftBehind)
    const first = await look(world, recorded)
    await work(64 * 1024)
    const next = await look(world, recorded)
    if (run === 0) continue
    took.unread.push(unread.ms)
    took.first.push(first.ms)
    took.held.push(first.held)
    took.next.push(next.ms)
  }
  await thread.close()
  await recorded.end()
  const names = metrics(size)
  for (const [what, ours] of Object.entries(took)) {
    const metric = names[what as keyof typeof names]
    if (bench.wanted(metric)) bench.report.measured(measured({ metric, unit: 'ms', anchor: null, better: 'lower' }, { ours, anchor: null }))
  }
}

/** From the request, with its entry in the ledger, until the part with what stands there now is there; and the longest time in which nothing else ran. */
async function look(world: World, { session, recordings }: Recorded) {
  const { presence } = await world.present(world.dave)
  const who = { person: world.dave.id, presence }
  const replays = new OpenViews<OpenReplay>()
  const deps = { ...world, recordings, replays }
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  const begun = performance.now()
  const replay = must(await openReplay(deps, session as SessionId, who))
  must(await replayPart(deps, { session, replay: replay.id, n: replay.outline.stretches.length - 1 }, who))
  const ms = performance.now() - begun
  delays.disable()
  await replay.whole.done
  replays.drop(replay.id)
  return { ms, held: delays.max / 1e6 }
}
