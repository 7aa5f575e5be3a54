import type { Bench } from '../contract.ts'
import { measureReads } from './reads.ts'
import { measureRekey } from './rekey.ts'

/** Reads by programs through the API, and what happens to a large vault when its seal opens and its keys rotate. */
export async function run(bench: Bench): Promise<void> {
  for (const part of [measureReads, measureRekey]) await bench.attempt(part.name, () => part(bench))
}
