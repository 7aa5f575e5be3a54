import { setTimeout as sleep } from 'node:timers/promises'
import { dropFrom, healFrom } from '../packets.ts'
import { kill } from '../rotation/kill.ts'
import type { Fault, Wire } from './plan.ts'
import type { SessionWorld } from './world.ts'

const wires: readonly Wire[] = ['ssh', 'postgres', 'mysql']

/** Makes it happen. What is answered undoes it, as far as it is not undone by itself. */
export async function strike(world: SessionWorld, fault: Fault): Promise<() => Promise<void>> {
  const { claviger, near, places, disks, s3 } = world
  switch (fault.kind) {
    case 'kill':
      kill(claviger, fault.part)
      return async () => undefined
    case 'disk-full':
      // what is over would go there and make room
      s3.line.state = 'away'
      disks?.fill('recordings')
      return async () => {
        disks?.heal('recordings')
        s3.line.state = 'open'
      }
    case 'bucket':
      s3.line.state = fault.how
      return async () => {
        s3.line.state = 'open'
      }
    case 'target-cut': {
      const road = places[fault.wire]?.on.road
      await road?.close()
      return async () => await road?.mend()
    }
    case 'target-lost': {
      const port = places[fault.wire]?.port ?? 0
      dropFrom(port)
      return async () => healFrom(port)
    }
    case 'clients-cut':
      await Promise.all(wires.map((wire) => near[wire].close()))
      return async () => void (await Promise.all(wires.map((wire) => near[wire].mend())))
    case 'clients-lost': {
      const ports = wires.map((wire) => world.ports[wire])
      for (const port of ports) dropFrom(port)
      return async () => {
        for (const port of ports) healFrom(port)
        // who never heard that the connection is gone would wait on
        await Promise.all(wires.map((wire) => near[wire].close()))
        await Promise.all(wires.map((wire) => near[wire].mend()))
      }
    }
  }
}

/** For so long it stays so before anybody looks: what is killed comes back by itself meanwhile. */
export async function whileItLasts(fault: Fault, mostSeconds: number, over: () => boolean): Promise<void> {
  const seconds = fault.kind.endsWith('-lost') || fault.kind === 'disk-full' ? 45 : fault.kind === 'bucket' ? 3 : 1
  const end = performance.now() + Math.min(seconds, mostSeconds) * 1_000
  while (performance.now() < end && !(over() && !fault.kind.startsWith('bucket'))) await sleep(100)
}
