import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { must } from '../../server/src/domains/identity/test/house.ts'
import { RecordingWriter } from '../../server/src/domains/recording/index.ts'
import { granted } from '../../server/src/keeper/test/access.ts'
import type { World } from '../../server/src/keeper/test/world.ts'
import { Secret } from '../../server/src/kernel/secret.ts'
import { newId } from '../../server/src/platform/crypto/random.ts'

export const workingDay = 8 * 3600
/** Somebody types a command so often; its answer comes over the two seconds after it. */
const everySeconds = 12

const line = (n: number): string =>
  `\x1b[32mNov 23 09:${String(n % 60).padStart(2, '0')}:07\x1b[0m web01 orders[${1000 + (n % 900)}]: request ${n} took ${n % 211} ms, ${(n * 7919) % 100_003} bytes\r\n`

export interface Day {
  session: string
  recordings: string
  /** Bytes of the file, chunks in it, and bytes that went to the screen. */
  bytes: number
  chunks: number
  shown: number
}

/** Eight hours of somebody's work in a terminal by the recorder itself, whose clock runs ahead: each second with something in it becomes a chunk, as it does in life. */
export async function recordDay(world: World, seconds: number): Promise<Day> {
  const recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  const grant = String((await granted(world, world.alice, world.deploy, world.bob)).grant.id)
  const [recording, session] = [newId('rec'), newId('ses')]
  const keys = must(await world.gateway.ask('createRecording', { recording }))
  const both = await (keys.payload as Secret).use('seal', (bytes) => Buffer.from(bytes))
  const began = world.clock.now().getTime()
  let passed = 0
  const path = join(recordings, `${recording}.clvr`)
  const writer = new RecordingWriter({
    path,
    facts: { recording, session, columns: 120, rows: 40, keys: { viewers: 'v', officers: 'o' } },
    keys: { viewers: new Secret(both.subarray(0, 32)), officers: new Secret(both.subarray(32)) },
    clock: { now: () => new Date(began + passed * 1000), monotonic: () => passed * 1000 },
    terminal: true,
    flushEvery: 1,
  })
  must(await writer.start())
  let shown = 0
  const show = async (text: string) => {
    const before = writer.head().chunks
    shown += Buffer.byteLength(text)
    writer.output(Buffer.from(text))
    await writer.pressure()
    while (writer.head().chunks === before) await delay(1)
  }
  for (let n = 0; passed < seconds; n++) {
    passed = n * everySeconds
    const command = `journalctl -u orders -n ${20 + (n % 40)}`
    writer.input(Buffer.from(`${command}\r`))
    await show(`deploy@web01:~$ ${command}\r\n`)
    for (let part = 1; part <= 2; part++) {
      passed = n * everySeconds + part
      await show(Array.from({ length: 10 + (n % 20) }, (_, i) => line(n * 40 + i)).join(''))
    }
  }
  const { chunks } = await writer.close()
  await world.sql(
    `insert into session (id, grant_id, person_id, account_id, door, kind, source, recording_id, header_hash, opened_at, state, revision, mac)
     values ($1, $2, $3, $4, 'ssh', 'shell', '192.0.2.9', $5, '', $6, 'ended', 1, '')`,
    [session, grant, world.alice.id, world.deploy.id, recording, world.clock.now()],
  )
  await world.sql(`insert into recording (id, session_id, file, state, head) values ($1, $2, $3, 'sealed', '')`, [
    recording,
    session,
    `${recording}.clvr`,
  ])
  return { session, recordings, bytes: statSync(path).size, chunks, shown }
}
