import { randomFrom } from '../random.ts'
import type { Report } from '../report.ts'
import { plan } from './plan.ts'
import { runRotations } from './run-rotations.ts'
import { openRotationWorld } from './world.ts'

/** `npm run faults -- rotation`. `order`: with a deliberately wrong order of the steps, and only until the first credential is lost. */
export async function rotationSuite(report: Report, seed: number, size: 'quick' | 'full', order?: string): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('only root can start the targets of this suite: servers under users of their own')
  const random = randomFrom(seed)
  const batches = plan(random, order === undefined ? size : 'keeper')
  report.say('starting a server with its lab, and targets')
  const world = await openRotationWorld(size, order)
  // nobody stops the server for us: it is in a process group of its own
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void world.close().finally(() => process.exit(130)))
  try {
    await runRotations(world, batches, random, report, { untilLost: order !== undefined })
  } finally {
    await world.close()
  }
}
