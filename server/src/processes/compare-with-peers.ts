import { open } from 'node:fs/promises'
import { audit } from '@claviger/api'
import type { Keeper } from '../keeper/client.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Peer } from '../peers.ts'
import { getJson } from '../platform/http/get-json.ts'
import type { Beat } from '../platform/watch/beat.ts'
import { keepTrying } from '../platform/watch/stopwatch.ts'

const everyMs = 5_000
const bounds = { ms: 4_000, bytes: 16_384 }
const tailBytes = 4_096

/**
 * Brings our keeper the newest checkpoint of each other server, by a road that does not lead through the database, again and again. The keeper
 * judges; here is only said when it could not.
 */
export function compareWithPeers(deps: { peers: readonly Peer[]; ca: string | undefined; keeper: Keeper; clock: Clock }): {
  beat(): Beat | undefined
  stop(): void
} {
  const { peers, ca, keeper, clock } = deps
  const each = peers.map((peer) =>
    keepTrying({
      ...{ clock, everyMs },
      async attempt() {
        // sealed: nothing is signed here, and nothing opens
        if (!keeper.open) return
        const note = 'url' in peer ? await askFor(peer.url, ca) : await lastNote(peer.file)
        const compared = await keeper.ask('compare', { note, peer: peer.name })
        if (!compared.ok) throw new Error(compared.error.message)
        if (compared.value.compared === 'old') throw new Error('its newest checkpoint is too old to be compared')
      },
      say: (error) =>
        `The ledger was not compared with ${peer.name}: ${error instanceof Error ? error.message : String(error)}. A database that shows each server another history would not be noticed.`,
    }),
  )
  return {
    /** Of the one that was compared longest ago. */
    beat: () => each.map((one) => one.beat()).toSorted((a, b) => b.agoMs - a.agoMs)[0],
    stop: () => each.forEach((one) => void one.stop()),
  }
}

async function askFor(url: string, ca: string | undefined): Promise<string> {
  const answer = audit.checkpoint.answer.safeParse(await getJson(`${url}${audit.checkpoint.path}`, bounds, ca))
  if (!answer.success || answer.data.note === '') throw new Error('it has no checkpoint')
  return answer.data.note
}

/** The last whole checkpoint of an anchor file. */
async function lastNote(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, Math.max(0, size - tailBytes))
    const notes = buffer.toString('utf8', 0, bytesRead).match(/\S+\n\d+\n\S+\nepoch \d+\ntime \S+\n\n— \S+ \S+\n/g)
    const last = notes?.at(-1)
    if (last === undefined) throw new Error('there is no checkpoint in it')
    return last
  } finally {
    await handle.close()
  }
}
