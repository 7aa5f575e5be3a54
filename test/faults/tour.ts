import { canSetClock } from './clock.ts'
import { canMount } from './disks.ts'
import { canDrop } from './packets.ts'
import { plan } from './plan.ts'
import { randomFrom } from './random.ts'
import type { Report } from './report.ts'
import { runErrands } from './run-errands.ts'
import { runTours } from './run-tours.ts'
import { openWorld } from './world.ts'

/** `npm run faults -- tour`: the work of the tour, disturbed in each of its steps. */
export async function tourSuite(report: Report, seed: number, size: 'quick' | 'full', only: string | undefined): Promise<void> {
  const random = randomFrom(seed)
  const means = { disks: canMount(), clock: canSetClock(), packets: canDrop() }
  if (!means.disks) report.say('no full disks: only root can mount file systems for them')
  if (!means.clock) report.say('no wrong clocks: they need libfaketime (apt-get install faketime)')
  if (!means.packets) report.say('no lost packets: they need root, iproute2 and routing rules for ports in the kernel')
  report.say('starting a server with its lab, and taking all accounts over')
  const world = await openWorld()
  // nobody stops the server for us: it is in a process group of its own
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void world.close().finally(() => process.exit(130)))
  try {
    if (only !== 'tours') await runErrands(world, plan(random, size, means), report)
    if (size === 'full' && only !== 'errands') await runTours(world, random, report)
  } finally {
    await world.close()
  }
}
