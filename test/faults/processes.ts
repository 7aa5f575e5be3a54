import { childrenOf } from '../support/process.ts'

/** A process and all that descend from it, parents first. */
export function treeOf(pid: number): number[] {
  const all = [pid]
  for (const one of all) all.push(...childrenOf(one).map((child) => child.pid))
  return all
}

/** Sends a signal to each that is still there. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // gone already
    }
  }
}
