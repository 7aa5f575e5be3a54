import type { Bench } from '../contract.ts'
import { measureLive } from './live.ts'
import { measureReplay } from './replay.ts'
import { measureRunning } from './running.ts'
import { measureSearch } from './search.ts'

/** What is done with sessions while they run, and with their recordings afterwards. */
export async function run(bench: Bench): Promise<void> {
  await bench.attempt(measureLive.name, () => measureLive(bench))
  await bench.attempt(measureReplay.name, () => measureReplay(bench))
  await bench.attempt(measureRunning.name, () => measureRunning(bench))
  await bench.attempt(measureSearch.name, () => measureSearch(bench))
}
