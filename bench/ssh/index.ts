import type { Bench } from '../contract.ts'
import { bulk } from './bulk.ts'
import { echo } from './echo.ts'
import { memory } from './memory.ts'
import { recordingCpu } from './recording-cpu.ts'
import { setup } from './setup.ts'
import { sftp } from './sftp.ts'
import { openStand } from './stand.ts'

const MiB = 1024 * 1024

/** The whole product with its lab, measured against OpenSSH itself: straight to the same host, and through a jump host. */
export async function run(bench: Bench): Promise<void> {
  const stand = await openStand(bench.quick ? 64 * MiB : 1024 * MiB)
  bench.closeWhenEnded(stand.close)
  try {
    for (const part of [bulk, sftp, echo, setup, recordingCpu, memory]) await bench.attempt(part.name, () => part(stand, bench))
  } finally {
    await stand.close()
  }
}
