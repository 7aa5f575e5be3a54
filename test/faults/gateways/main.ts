import type { Report } from '../report.ts'
import { copies } from './copies.ts'
import { flood } from './flood.ts'
import { openGatewayWorld } from './world.ts'

/** `npm run faults -- gateways`: what is too large and too many for a gateway that keeps what it carries. */
export async function gatewaysSuite(report: Report, seed: number, size: 'quick' | 'full', only: string | undefined): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('only root can start the host of this suite: one with users of its own')
  report.say('starting a server with its lab, and a host')
  const world = await openGatewayWorld()
  // nobody stops the server for us: it is in a process group of its own
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void world.stop().finally(() => process.exit(130)))
  try {
    if (only !== 'copies') await flood(world, report, seed, size)
    if (only !== 'flood') await copies(world, report, size)
  } finally {
    await world.stop()
  }
}
