import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf } from '../support/process.ts'
import { canDrop, dropFrom, healFrom } from './packets.ts'
import { type Fault, inWords } from './plan.ts'
import { signal, treeOf } from './processes.ts'
import type { World } from './world.ts'

/** What could not be done on this machine; no injection then. */
export class NotPossible extends Error {}

/** Does the bad thing, and where it is one for a while, undoes it. What it leaves behind is to stand up by itself. */
export async function strike(world: World, fault: Fault): Promise<void> {
  if (fault.kind === 'kill') return await kill(world, fault.part)
  if (fault.kind === 'freeze') return await freeze(world, treeOf(world.claviger.pid(fault.part)), fault.ms)
  if (fault.kind === 'half-open' && fault.how === 'silent') return await freeze(world, treeOf(targetOf(world, fault.target)), fault.ms)
  if (fault.kind === 'half-open') return await losePackets(world, fault)
  if (fault.kind === 'clock') return await wrongClock(world, fault)
  return await badDisk(world, fault)
}

async function kill({ claviger }: World, part: Extract<Fault, { kind: 'kill' }>['part']): Promise<void> {
  if (part === 'supervisor') return await claviger.killSupervisor()
  process.kill(claviger.pid(part), 'SIGKILL')
}

/** What listens keeps taking connections while it is stopped: the kernel does that. */
async function freeze(_: World, pids: readonly number[], ms: number): Promise<void> {
  signal(pids, 'SIGSTOP')
  try {
    await sleep(ms)
  } finally {
    signal(pids, 'SIGCONT')
  }
}

function targetOf({ claviger }: World, target: 'web01' | 'orders-db'): number {
  const place = `${claviger.data}/lab/${target}`
  const found = childrenOf(claviger.supervisor()).find(({ command }) => command.includes(place))
  if (!found) throw new NotPossible(`${target} does not run`)
  return found.pid
}

async function losePackets({ claviger: { ports } }: World, { target, ms }: Extract<Fault, { kind: 'half-open' }>): Promise<void> {
  if (!canDrop()) throw new NotPossible('lost packets need a network of our own, which root alone can make')
  const port = target === 'web01' ? ports.web01 : ports.database
  dropFrom(port)
  try {
    await sleep(ms)
  } finally {
    healFrom(port)
  }
}

async function wrongClock({ claviger, setClock }: World, { days, restart, ms }: Extract<Fault, { kind: 'clock' }>): Promise<void> {
  if (!setClock) throw new NotPossible('the clock needs libfaketime')
  setClock(days)
  try {
    if (restart) {
      await claviger.killSupervisor()
      await claviger.again({ wait: false })
    }
    await sleep(ms)
  } finally {
    setClock(0)
  }
}

async function badDisk({ disks }: World, fault: Extract<Fault, { kind: 'disk' }>): Promise<void> {
  if (!disks) throw new NotPossible('a file system of its own needs root')
  const { folder, how, ms } = fault
  try {
    if (how === 'full') disks.fill(folder)
    else disks.readOnly(folder)
  } catch (error) {
    throw new NotPossible(`${inWords(fault)}: ${(error as Error).message}`)
  }
  try {
    await sleep(ms)
  } finally {
    disks.heal(folder)
  }
}
