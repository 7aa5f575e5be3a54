import { keepCheckpoint } from '../losses/ledger.ts'
import { randomFrom } from '../random.ts'
import type { Report } from '../report.ts'
import { lastLook } from './last-look.ts'
import { type Order, plan, type Size } from './plan.ts'
import { Turns } from './run-turns.ts'
import { openSessionWorld } from './world.ts'

/** `npm run faults -- sessions`. `order`: with gateways that record in a deliberately wrong order, and only until the first loss. */
export async function sessionsSuite(report: Report, seed: number, size: Size, order?: Order): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('only root can start the targets of this suite: servers under users of their own')
  const random = randomFrom(seed)
  report.say('starting a server with its lab, targets, and a bucket')
  const world = await openSessionWorld(size, order)
  // nobody stops the server for us: it is in a process group of its own
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void world.close().finally(() => process.exit(130)))
  try {
    if (!world.means.disks) report.say('no room can run out here: that takes mounts of our own')
    if (!world.means.packets) report.say('no packets can be lost here: that takes a network of our own')
    if (order === 'unheard' && !world.means.disks)
      throw new Error('what goes on unheard is seen where no room is left: that takes mounts of our own')
    const kept = await keepCheckpoint(world)
    const turns = new Turns(world, report, order)
    for (const [number, turn] of plan(random, size, world.means, order).entries())
      if ((await turns.take(number + 1, turn)) && order !== undefined) return
    report.lost(await lastLook(world, kept))
  } finally {
    await world.close()
  }
}
