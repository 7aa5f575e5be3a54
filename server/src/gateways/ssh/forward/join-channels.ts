import type { Channel } from 'ssh2'
import type { Forwarded } from '../../contract.ts'
import { closeChannel, sendEof } from '../ssh2-internals.ts'

/** Two channels that are one connection. */
export interface Joined {
  /** How it ended; never rejects. */
  done: Promise<Forwarded>
  /** Ends it at once. */
  cut(): void
  suspend(): void
  resume(): void
}

/**
 * Carries bytes both ways until both ends have said that they are done, or one is gone. Each end is held while the other does not take
 * what there is. `touched` is called for every piece.
 */
export function joinChannels(person: Channel, target: Channel, touched: () => void): Joined {
  const passed = { sent: 0, received: 0 }
  let held = false
  let over = false
  const { promise, resolve } = Promise.withResolvers<Forwarded>()
  const finish = (outcome: Forwarded['outcome'], message?: string) => {
    if (over) return
    over = true
    for (const end of [person, target]) {
      end.pause()
      closeChannel(end)
    }
    resolve({ outcome, ...passed, ...(message !== undefined && { message }) })
  }

  const resumes: (() => void)[] = []
  let ended = 0
  const carry = (from: Channel, to: Channel, counted: 'sent' | 'received') => {
    let full = false
    const go = () => void (held || full || from.resume())
    resumes.push(go)
    from.on('data', (bytes: Buffer) => {
      touched()
      passed[counted] += bytes.length
      if (to.write(bytes)) return
      full = true
      from.pause()
    })
    to.on('drain', () => {
      full = false
      go()
    })
    // its EOF passes by itself, behind what was written before it
    from.once('end', () => {
      to.write(Buffer.alloc(0), () => {
        sendEof(to)
        ended += 1
        if (ended === 2) finish('closed')
      })
    })
    // a channel whose connection breaks may say so by an error, and an error nobody hears ends the process; `close` follows
    from.on('error', () => {})
    from.once('close', () => {
      // what it said before is on its way to the other end, where that still takes it
      if (to.writableLength === 0) finish('closed')
      else to.write(Buffer.alloc(0), () => finish('closed'))
    })
  }
  carry(person, target, 'sent')
  carry(target, person, 'received')

  return {
    done: promise,
    cut: () => finish('cut'),
    suspend() {
      held = true
      person.pause()
      target.pause()
    },
    resume() {
      held = false
      for (const go of resumes) go()
    },
  }
}
