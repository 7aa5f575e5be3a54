import { parentPort } from 'node:worker_threads'
import { type Grown, growKept, type ToGrow } from './grow-kept.ts'

/** The key's memory comes with it, and is wiped here. */
export interface Question {
  what: ToGrow
  viewers: Uint8Array
}

// A thread of its own: a terminal draws what a target sent, which takes a while, and what breaks it breaks no session.
const say = (answer: Grown) => parentPort?.postMessage(answer)
parentPort?.on('message', async ({ what, viewers }: Question) => {
  try {
    const grown = await growKept(what, viewers)
    // copies: a small buffer shares its memory with others, which would come along
    say(grown === 'unfit' ? grown : { ...grown, rows: grown.rows.map(({ n, sealed }) => ({ n, sealed: Uint8Array.from(sealed) })) })
  } finally {
    viewers.fill(0)
  }
})
