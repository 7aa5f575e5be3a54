import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { must } from '../../server/src/domains/identity/test/house.ts'
import { asciicast } from '../../server/src/domains/recording/index.ts'
import { viewRecording } from '../../server/src/domains/session/view-recording.ts'
import { openWorld, type World } from '../../server/src/keeper/test/world.ts'
import type { Bench } from '../contract.ts'
import { measured } from '../measurement.ts'
import { type Day, recordDay, workingDay } from './record-day.ts'

/** Places to which the replay is led, as shares of its length, in this order: forwards and backwards. */
const places = [0.5, 0.05, 0.95, 0.3, 0.99]

/**
 * A recording of eight hours, as the console has it: the whole of it is fetched at once, and the player moves in what it has. `replay.open` is from the request, with
 * its entry in the ledger and the check of all chunks, until the last line is there, without HTTP; `replay.seek` is the console's player in Chromium.
 */
export async function measureReplay(bench: Bench): Promise<void> {
  if (!['replay.open', 'replay.seek', 'replay.size'].some(bench.wanted)) return
  const world = await openWorld()
  bench.closeWhenEnded(world.close)
  try {
    const day = await recordDay(world, bench.quick ? workingDay / 10 : workingDay)
    const mib = (bytes: number) => (bytes / 1_048_576).toFixed(1)
    bench.report.say(`replay: ${day.chunks} chunks, ${mib(day.bytes)} MiB sealed, ${mib(day.shown)} MiB shown`)
    const opening: number[] = []
    let cast = ''
    // the first round counts for nobody
    for (let run = 0; run <= bench.runs; run++) {
      const { presence } = await world.present(world.dave)
      const begun = performance.now()
      cast = await openDay(world, day, presence)
      if (run > 0) opening.push(performance.now() - begun)
    }
    const tell = (metric: string, unit: string, ours: number[]) =>
      bench.report.measured(measured({ metric, unit, anchor: null, better: 'lower' }, { ours, anchor: null }))
    tell('replay.open', 'ms', opening)
    if (bench.wanted('replay.size'))
      tell(
        'replay.size',
        'MiB',
        opening.map(() => day.bytes / 1_048_576),
      )
    if (bench.wanted('replay.seek')) tell('replay.seek', 'ms', await seeking(cast, bench.runs))
  } finally {
    await world.close()
  }
}

async function openDay(world: World, { session, recordings }: Day, presence: string): Promise<string> {
  const who = { person: world.dave.id, presence }
  const { reader } = must(await viewRecording({ ...world, recordings }, session, who, 'replay'))
  let cast = ''
  for await (const piece of asciicast(reader)) cast += piece
  await reader.close()
  if (reader.verdict?.state !== 'intact') throw new Error('the recording does not verify')
  return cast
}

/** The player of the console, in the browser that the tests use, with nothing around it. */
async function seeking(cast: string, runs: number): Promise<number[]> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
  if (!executablePath) throw new Error('there is no Chromium: apt-get install chromium')
  const browser: Browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    await page.setContent('<div id="screen" style="width:1000px;height:600px"></div>')
    await page.addScriptTag({
      content: readFileSync(createRequire(import.meta.url).resolve('asciinema-player/dist/bundle/asciinema-player.min.js'), 'utf8'),
    })
    const all: number[] = []
    for (let run = 0; run <= runs; run++) {
      const took = await seeksIn(page, cast)
      if (run > 0) all.push(...took)
    }
    return all
  } finally {
    await browser.close()
  }
}

/** Runs in the page, which has the player's script and no types of ours. */
const inThePage = `async ({ cast, places }) => {
  const [head, ...lines] = cast.split('\\n')
  const { width, height } = JSON.parse(head)
  const events = lines.filter(Boolean).map((line) => JSON.parse(line))
  const last = events.at(-1)[0]
  const data = [{ version: 2, width, height }, ...events]
  const player = AsciinemaPlayer.create({ data }, document.getElementById('screen'), { controls: false, preload: true })
  await player.seek(0)
  const took = []
  for (const place of places) {
    const begun = performance.now()
    await player.seek(place * last)
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    took.push(performance.now() - begun)
  }
  player.dispose()
  return took
}`

const seeksIn = (page: Page, cast: string): Promise<number[]> =>
  page.evaluate(`(${inThePage})(${JSON.stringify({ cast, places }).replaceAll('\u2028', '\\u2028')})`)
