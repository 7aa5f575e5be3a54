import type { Socket } from 'node:net'

/** What the processes of one crew tell each other over the channel between parent and child. Both run our own code: it is not parsed as what strangers say. */
export type Word =
  /** Parent to worker, with the connection itself. */
  | { crew: 'visit'; seat: number; door: string }
  | { crew: 'drop'; seat: number }
  /** Worker to parent. */
  | { crew: 'ready'; ready: boolean }
  | { crew: 'busy'; share: number }
  | { crew: 'seat'; seat: number; now: 'signed-in' | 'left' }
  /** Both ways; the parent passes on what is for others. */
  | { crew: 'said'; topic: string; value: unknown; to?: number }

export const isWord = (message: unknown): message is Word => typeof message === 'object' && message !== null && 'crew' in message

/** Somebody at a door: how long they wait is the door's to bound. Each of the first two may be called more than once; only the first call counts. */
export interface Place {
  signedIn(): void
  leave(): void
  /** Who only waits may have to give up the place: `drop` is called then. */
  onDrop(drop: () => void): void
}

/** A connection that another process accepted. */
export type Visit = (door: string, line: Socket, place: Place) => void

/** What several processes of one kind know together. */
export interface Chorus {
  /** This one's number; 0 is the first. */
  readonly index: number
  /** To all others, or to one. */
  say(topic: string, value: unknown, to?: number): void
  hear(topic: string, told: (value: never) => void): void
}

/** For a process that is alone. */
export const alone: Chorus = { index: 0, say: () => undefined, hear: () => undefined }

/** How much of each second the event loop was busy, from one look to the next: 0 to 1. */
export function busyShare(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}

export const lookEveryMs = 500
