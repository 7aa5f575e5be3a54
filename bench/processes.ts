import { readFileSync } from 'node:fs'
import { childrenOf } from '../test/support/process.ts'

/** Bytes of memory that are a process's own, with its part of what it shares (proc(5), smaps_rollup). 0 when it is gone. */
export function ownMemory(pid: number): number {
  try {
    const [, kib = '0'] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
    return Number(kib) * 1024
  } catch {
    return 0
  }
}

/**
 * The same without files and without memory that several processes share on purpose: PostgreSQL's buffers fill up to their fixed size, which the system
 * counts to whoever touches them, and which is no growth of a process.
 */
export function privateMemory(pid: number): number {
  try {
    const [, kib = '0'] = /^Pss_Anon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
    return Number(kib) * 1024
  } catch {
    return 0
  }
}

/** Seconds of processor time that a process has used, all its threads together (proc(5), stat: utime and stime in hundredths). */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** A process and all that descend from it. */
export function treeOf(pid: number): number[] {
  const all = [pid]
  for (const one of all) all.push(...childrenOf(one).map((child) => child.pid))
  return all
}
