import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { build } from 'vite'
import { must } from '../../server/src/domains/identity/test/house.ts'
import { type OpenReplay, openReplay } from '../../server/src/domains/session/replay/open-replay.ts'
import { replayPart } from '../../server/src/domains/session/replay/replay-part.ts'
import { OpenViews } from '../../server/src/domains/session/views/open-views.ts'
import { openWorld, type World } from '../../server/src/keeper/test/world.ts'
import type { SessionId } from '../../server/src/kernel/id.ts'
import { findChromium } from '../../test/support/chromium.ts'
import type { Bench } from '../contract.ts'
import { measured } from '../measurement.ts'
import { type Day, recordDay, workingDay } from './record-day.ts'

/** Places to which the replay is led, as shares of its length, in this order: forwards and backwards. */
const places = [0.5, 0.05, 0.95, 0.3, 0.99]

/**
 * A recording of eight hours, as the console has it: opened by its outline, fetched in parts, verified as a whole meanwhile. Without HTTP; `replay.seek` is the
 * console's player in Chromium, which fetches each part that it needs.
 */
export async function measureReplay(bench: Bench): Promise<void> {
  if (!['replay.open', 'replay.first', 'replay.whole', 'replay.seek', 'replay.size'].some(bench.wanted)) return
  const world = await openWorld()
  bench.closeWhenEnded(world.close)
  const replays = new OpenViews<OpenReplay>()
  try {
    const day = await recordDay(world, bench.quick ? workingDay / 10 : workingDay)
    const mib = (bytes: number) => (bytes / 1_048_576).toFixed(1)
    bench.report.say(`replay: ${day.chunks} chunks, ${mib(day.bytes)} MiB sealed, ${mib(day.shown)} MiB shown`)
    const took = { open: [] as number[], first: [] as number[], whole: [] as number[] }
    let open: OpenReplay | undefined
    // the first round counts for nobody
    for (let run = 0; run <= bench.runs; run++) {
      await world.sql('delete from recording_outline where recording_id = (select id from recording where session_id = $1)', [day.session])
      const first = await opening(world, day, replays)
      const again = await opening(world, day, replays)
      if (run > 0) {
        took.first.push(first.opened)
        took.open.push(again.opened)
        took.whole.push(again.whole)
      }
      open = again.replay
    }
    const tell = (metric: string, unit: string, ours: number[]) => {
      if (bench.wanted(metric)) bench.report.measured(measured({ metric, unit, anchor: null, better: 'lower' }, { ours, anchor: null }))
    }
    for (const [what, ours] of Object.entries(took)) tell(`replay.${what}`, 'ms', ours)
    tell(
      'replay.size',
      'MiB',
      took.open.map(() => day.bytes / 1_048_576),
    )
    if (open && bench.wanted('replay.seek')) tell('replay.seek', 'ms', await seeking(world, day, replays, open, bench.runs))
    for (const id of [open?.id]) if (id) replays.drop(id)
  } finally {
    await world.close()
  }
}

/** From the request, with its entry in the ledger, until the first part is there; and until all of the file was verified. */
async function opening(world: World, day: Day, replays: OpenViews<OpenReplay>) {
  const { presence } = await world.present(world.dave)
  const deps = { ...world, recordings: day.recordings, replays }
  const begun = performance.now()
  const who = { person: world.dave.id, presence }
  const replay = must(await openReplay(deps, day.session as SessionId, who))
  must(await replayPart(deps, { session: day.session, replay: replay.id, n: 0 }, who))
  const opened = performance.now() - begun
  await replay.whole.done
  if (!replay.whole.verified?.ok || replay.whole.verified.interrupted) throw new Error('the recording does not verify')
  return { replay, opened, whole: performance.now() - begun }
}

/** The player of the console, in the browser that the tests use, with nothing around it. */
async function seeking(world: World, day: Day, replays: OpenViews<OpenReplay>, replay: OpenReplay, runs: number): Promise<number[]> {
  const browser: Browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    await page.setContent('<div id="screen" style="width:1000px;height:600px"></div>')
    const deps = { ...world, recordings: day.recordings, replays }
    const who = { person: world.dave.id, presence: (await world.present(world.dave)).presence }
    await page.exposeFunction('fetchPart', async (n: number) =>
      JSON.stringify(must(await replayPart(deps, { session: day.session, replay: replay.id, n }, who))),
    )
    await page.addScriptTag({ content: await playerScript() })
    const { columns, rows, seconds, stretches } = replay.outline
    const given = { opened: { columns, rows, seconds, parts: stretches.map((one) => one.seconds) }, places }
    const all: number[] = []
    for (let run = 0; run <= runs; run++) {
      const took = await page.evaluate<number[]>(`seeks(${JSON.stringify(given)})`)
      if (run > 0) all.push(...took)
    }
    return all
  } finally {
    await browser.close()
  }
}

async function playerScript(): Promise<string> {
  const entry = fileURLToPath(new URL('../../console/src/testing/measured-replay.ts', import.meta.url))
  const built = await build({
    ...{ configFile: false, logLevel: 'silent' },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'replayed', fileName: 'replayed' } },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (!output || !('output' in output)) throw new Error('the player could not be built')
  const chunk = output.output.find((one) => one.type === 'chunk')
  return chunk?.type === 'chunk' ? chunk.code : ''
}
