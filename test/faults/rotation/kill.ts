import type { Claviger } from '../../support/claviger.ts'
import type { Part } from './plan.ts'

/** SIGKILL: no handler runs. Answers whether there was anything to kill: a part that a fault before this one ended may not be back yet. */
export function kill(claviger: Claviger, part: Part | 'gateway'): boolean {
  if (!claviger.running()) return false
  // a supervisor alone: its parts end by themselves, after what they are held in by whoever called this
  const parts = part === 'everything' ? (['keeper', 'api', 'gateway', 'database'] as const) : part === 'supervisor' ? [] : [part]
  const pids = parts.flatMap((one) => {
    try {
      return [claviger.pid(one)]
    } catch {
      return []
    }
  })
  if (part === 'everything' || part === 'supervisor') pids.unshift(claviger.supervisor())
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // gone by itself
    }
  }
  return pids.length > 0
}
