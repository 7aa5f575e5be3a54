import type { Socket } from 'node:net'
import { busyShare, type Chorus, isWord, lookEveryMs, type Visit, type Word } from './words.ts'

export interface Membership extends Chorus {
  /** From now on connections are welcome, and go to `visit`; none while it is undefined. */
  receive(visit: Visit | undefined): void
  stop(): void
}

/**
 * In a process that `leadCrew` started: number `index` of its crew. When the first process is gone, this one ends at once, as if both
 * had been killed: nobody is left who could say what becomes of its sessions but the next start.
 */
export function joinCrew(index: number): Membership {
  const heard = new Map<string, (value: never) => void>()
  const drops = new Map<number, () => void>()
  let visit: Visit | undefined
  const say = (word: Word) => void (process.connected && process.send?.(word, undefined, undefined, () => undefined))

  process.on('disconnect', () => process.exit(1))
  process.on('message', (word: unknown, line: Socket | undefined) => {
    if (!isWord(word)) return
    if (word.crew === 'said') heard.get(word.topic)?.(word.value as never)
    else if (word.crew === 'drop') drops.get(word.seat)?.()
    else if (word.crew === 'visit') {
      const { seat, door } = word
      const left = () => {
        drops.delete(seat)
        say({ crew: 'seat', seat, now: 'left' })
      }
      if (!line || !visit) {
        line?.destroy()
        return left()
      }
      drops.set(seat, () => line.destroy())
      visit(door, line, {
        signedIn: () => say({ crew: 'seat', seat, now: 'signed-in' }),
        leave: left,
        onDrop: (drop) => void (drops.has(seat) && drops.set(seat, drop)),
      })
    }
  })
  const look = busyShare()
  const timer = setInterval(() => say({ crew: 'busy', share: look() }), lookEveryMs)
  timer.unref()
  return {
    index,
    say: (topic, value, to) => say({ crew: 'said', topic, value, ...(to !== undefined && { to }) }),
    hear: (topic, told) => void heard.set(topic, told),
    receive(next) {
      visit = next
      say({ crew: 'ready', ready: next !== undefined })
    },
    stop: () => clearInterval(timer),
  }
}
