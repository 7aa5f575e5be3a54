import type { Bench } from '../contract.ts'
import { measureReplay } from './replay.ts'
import { measureSearch } from './search.ts'

/** What is done with recordings after their sessions. */
export async function run(bench: Bench): Promise<void> {
  await bench.attempt(measureReplay.name, () => measureReplay(bench))
  await bench.attempt(measureSearch.name, () => measureSearch(bench))
}
