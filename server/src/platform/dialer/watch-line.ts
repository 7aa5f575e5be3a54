import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { type Ends, unacknowledged } from './unacknowledged.ts'

/*
 * A connection whose other end is gone without a word. Where nothing is on its way, the kernel asks after a silence (keep-alive). What was sent and not
 * acknowledged it sends again and again for a quarter of an hour, and asks nothing meanwhile; a bound on that (TCP_USER_TIMEOUT, RFC 5482)
 * cannot be set from Node. So we look where Linux tells which connections send again. On other systems the quarter of an hour stays.
 */

/** What the kernel needs after its first question: it asks ten times, a second apart. */
const askingMs = 10_000
const looks = 6

/**
 * Ends `talk`, which may be TLS above `line`, with an error of code ETIMEDOUT when nothing was heard of the other end for about `silenceMs` (11 s
 * at least): not even that it received what was sent. A peer that takes long to answer is not silent.
 */
export function watchLine(line: Socket, talk: Socket, silenceMs: number): void {
  line.setKeepAlive(true, Math.max(1_000, silenceMs - askingMs))
  const ends = endsOf(line)
  if (!ends) return
  let heard = -1
  /** Bytes that were sent when nothing was left to be acknowledged. */
  let settled = -1
  let resent = 0
  let times = 0
  const look = async (): Promise<void> => {
    const { bytesRead, bytesWritten } = talk
    if (bytesRead !== heard) times = 0
    heard = bytesRead
    if (times === 0 && bytesWritten === settled) return
    const waiting = unacknowledged(await table(line.remoteFamily === 'IPv6' ? 'tcp6' : 'tcp'), ends)
    const now = waiting?.resent ?? 0
    times = now === 0 ? 0 : now >= resent ? times + 1 : 1
    resent = now
    if (!waiting) settled = bytesWritten
    if (times >= looks && !talk.destroyed) talk.destroy(Object.assign(new Error('nothing is acknowledged'), { code: lostCode }))
  }
  const timer = setInterval(() => void look(), silenceMs / looks)
  timer.unref()
  talk.once('close', () => clearInterval(timer))
  if (talk.destroyed) clearInterval(timer)
}

const lostCode = 'ETIMEDOUT'

/** Whether a connection ended because nothing was heard of the other end any more. */
export const isLost = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === lostCode

function endsOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): Ends | undefined {
  if (!localAddress || !localPort || !remoteAddress || !remotePort) return undefined
  return { local: { address: localAddress, port: localPort }, remote: { address: remoteAddress, port: remotePort } }
}

const freshMs = 500
const tables = new Map<string, { at: number; text: Promise<string> }>()

/** Read once for all who look at the same time; empty where there is no such thing. */
async function table(name: 'tcp' | 'tcp6'): Promise<string> {
  const now = performance.now()
  const known = tables.get(name)
  if (known && now - known.at < freshMs) return await known.text
  const text = readFile(`/proc/self/net/${name}`, 'latin1').catch(() => '')
  tables.set(name, { at: now, text })
  return await text
}
