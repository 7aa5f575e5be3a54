import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const everyMs = 100

/** What a process needs at this moment. */
export const residentMb = (pid: number): number =>
  Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
export const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

/** The most that it needed while something was done, beside what it needed before. */
export interface Peak {
  before: number
  most: number
}

export async function peakWhile<T>(measure: () => number, doing: () => Promise<T>): Promise<{ value: T; peak: Peak }> {
  const peak = { before: measure(), most: 0 }
  let over = false
  const looking = (async () => {
    while (!over) {
      peak.most = Math.max(peak.most, measure())
      await delay(everyMs)
    }
  })()
  try {
    return { value: await doing(), peak }
  } finally {
    over = true
    await looking
  }
}
