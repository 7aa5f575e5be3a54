import type { Db } from '../../../platform/db/open-db.ts'
import { OutlineThread } from '../../recording/index.ts'
import { type Growing, goOnAhead, worthOf } from './go-on-ahead.ts'

export interface Ahead {
  /** Until the returned function is called. */
  follow(growing: Growing): () => void
}

/** What is worth less is read by whoever looks. */
const enough = 256 * 1024
const everyMs = 1_000
/** So many times as long as it took nothing is done after it: a fifth of one core, however much is shown, and however many sessions there are. */
const rests = 4
/** What failed is tried again after so long. */
const againMs = 30_000

interface Followed {
  growing: Growing
  /** What it was worth when it was last gone on with. */
  known: number
  notBefore: number
}

/**
 * Keeps the outlines of terminals that run not far behind them, one after the other, the one that is most behind first. The sessions pay nothing for it: what is in the files is
 * read again by a thread of its own, and one that shows little begins none.
 */
export function keepAhead({ db, log }: { db: Db; log: (line: string) => void }): Ahead {
  const thread = new OutlineThread()
  const followed = new Set<Followed>()
  let looking = false

  const behind = (one: Followed) => worthOf(one.growing) - one.known
  const next = (): Followed | undefined => {
    const now = performance.now()
    const due = [...followed].filter((one) => one.notBefore <= now && behind(one) >= enough)
    return due.sort((a, b) => behind(b) - behind(a))[0]
  }
  const goOn = async (one: Followed): Promise<void> => {
    const worth = worthOf(one.growing)
    try {
      const came = await goOnAhead({ db, thread }, one.growing)
      if (came === 'done') one.known = worth
      if (came === 'unfit') followed.delete(one)
    } catch (error) {
      one.notBefore = performance.now() + againMs
      if (followed.has(one)) log(`the outline of ${one.growing.facts.recording} is not made ahead, trying again: ${String(error)}`)
    }
  }
  const look = async (): Promise<void> => {
    const one = next()
    const began = performance.now()
    if (one) await goOn(one)
    const took = performance.now() - began
    looking = followed.size > 0
    if (looking) lookAfter(one ? took * rests : everyMs)
  }
  const lookAfter = (ms: number) => setTimeout(() => void look(), ms).unref()

  return {
    follow(growing) {
      const one = { growing, known: 0, notBefore: 0 }
      followed.add(one)
      if (!looking) lookAfter(everyMs)
      looking = true
      return () => void followed.delete(one)
    },
  }
}
