import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { must } from '../../server/src/domains/identity/test/house.ts'
import { RecordingWriter } from '../../server/src/domains/recording/index.ts'
import type { Growing } from '../../server/src/domains/session/replay/go-on-ahead.ts'
import { granted } from '../../server/src/keeper/test/access.ts'
import type { World } from '../../server/src/keeper/test/world.ts'
import { Secret } from '../../server/src/kernel/secret.ts'
import { newId } from '../../server/src/platform/crypto/random.ts'
import { writeDown, writeEnd } from './write-down.ts'

const line = (n: number): string =>
  `\x1b[32mNov 23 09:${String(n % 60).padStart(2, '0')}:07\x1b[0m web01 orders[${1000 + (n % 900)}]: request ${n} took ${n % 211} ms, ${(n * 7919) % 100_003} bytes\r\n`

/** What a log of somewhere looks like. */
export const lines = (from: number, count: number): string => Array.from({ length: count }, (_, i) => line(from + i)).join('')

/** A recording of a terminal that goes on, by the recorder itself, whose clock runs ahead. */
export interface Recorded {
  session: string
  recordings: string
  /** As the process has it that writes it. */
  growing: Growing
  type(atSeconds: number, text: string): void
  /** What comes at a second becomes a chunk, as it does in life. */
  show(atSeconds: number, text: string): Promise<void>
  /** Bytes of the file, chunks in it, and bytes that went to the screen. */
  size(): { bytes: number; chunks: number; shown: number }
  end(): Promise<void>
}

export async function beginRecording(world: World): Promise<Recorded> {
  const recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings, { recursive: true })
  const grant = String((await granted(world, world.alice, world.deploy, world.bob)).grant.id)
  const [recording, session] = [newId('rec'), newId('ses')]
  const keys = must(await world.gateway.ask('createRecording', { recording }))
  const both = await (keys.payload as Secret).use('seal', (bytes) => Buffer.from(bytes))
  const began = world.clock.now().getTime()
  let passed = 0
  const path = join(recordings, `${recording}.clvr`)
  const viewers = new Secret(both.subarray(0, 32))
  const size = { columns: 120, rows: 40 }
  const writer = new RecordingWriter({
    path,
    facts: { recording, session, ...size, keys: { viewers: 'v', officers: 'o' } },
    keys: { viewers, officers: new Secret(both.subarray(32)) },
    clock: { now: () => new Date(began + passed * 1000), monotonic: () => passed * 1000 },
    terminal: true,
    flushEvery: 1,
  })
  must(await writer.start())
  await writeDown(world, { session, recording, grant })
  let shown = 0
  return {
    session,
    recordings,
    growing: { path, facts: { recording, ...size, rawLines: false }, viewers, written: () => ({ ...writer.head(), shown: writer.shown }) },
    type(atSeconds, text) {
      passed = atSeconds
      writer.input(Buffer.from(text))
    },
    async show(atSeconds, text) {
      passed = atSeconds
      const before = writer.head().chunks
      shown += Buffer.byteLength(text)
      writer.output(Buffer.from(text))
      await writer.pressure()
      while (writer.head().chunks === before) await delay(1)
    },
    size: () => ({ bytes: statSync(path).size, chunks: writer.head().chunks, shown }),
    async end() {
      await writer.close()
      await writeEnd(world, { session, recording })
    },
  }
}
