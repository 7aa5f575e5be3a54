import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { must } from '../../server/src/domains/identity/test/house.ts'
import { RecordingWriter } from '../../server/src/domains/recording/index.ts'
import { indexRecordings } from '../../server/src/domains/session/search/index-recordings.ts'
import { searchSessions } from '../../server/src/domains/session/search/search-sessions.ts'
import { openWorld, type World } from '../../server/src/keeper/test/world.ts'
import { Secret } from '../../server/src/kernel/secret.ts'
import { newId } from '../../server/src/platform/crypto/random.ts'
import type { SignedIn } from '../../server/src/platform/http/handler.ts'
import type { Bench } from '../contract.ts'
import { measured } from '../measurement.ts'
import { fill, wordNumber } from './fill.ts'
import { writeDown, writeEnd } from './write-down.ts'

const needle = 'needleinhaystack'
/** Recordings with files, in which a rare word stands; a page has ten. */
const recorded = 20
const linesOfEach = 2_000

/** A search from its entry in the ledger to ten recordings that were opened and read, over many sessions. */
export async function measureSearch(bench: Bench): Promise<void> {
  if (!['search.words', 'search.words.frequent', 'search.words.size'].some(bench.wanted)) return
  const many = bench.quick ? 5_000 : 100_000
  const world = await openWorld()
  bench.closeWhenEnded(world.close)
  try {
    const recordings = join(world.database.folder, 'recordings')
    mkdirSync(recordings)
    const grant = await fill(world, many - recorded, bench.report.say.bind(bench.report))
    for (let i = 0; i < recorded; i++) await record(world, recordings, grant)
    await indexRecordings({ ...world, recordings, log: bench.report.say.bind(bench.report) })
    await world.sql('analyze')
    const { presence } = await world.present(world.dave)
    const who = { person: world.dave.id, name: 'dave', groups: ['auditors'], presence, signIn: 'sgn_aaaaaaaaaa' } as unknown as SignedIn
    const took = async (words: string, found: number): Promise<number> => {
      const begun = performance.now()
      const { sessions } = must(await searchSessions({ ...world, recordings }, who, { words, limit: 10 }))
      if (sessions.length !== found) throw new Error(`${sessions.length} sessions for ${words}`)
      return performance.now() - begun
    }
    const rare: number[] = []
    const frequent: number[] = []
    // the first round counts for nobody
    for (let run = 0; run <= bench.runs; run++) {
      const [one, other] = [await took(`${needle} ${wordNumber(0)}`, 10), await took(wordNumber(0), 10)]
      if (run === 0) continue
      rare.push(one)
      frequent.push(other)
    }
    const [size] = (await world.sql(
      `select pg_total_relation_size('session_word') / 1048576.0 as mib, (select count(*) from session_word) as rows`,
    )) as [{ mib: string; rows: string }]
    bench.report.say(`search.words: ${many} sessions, ${size.rows} hashes, ${Math.round(Number(size.mib))} MiB`)
    const tell = (metric: string, unit: string, ours: number[]) =>
      bench.report.measured(measured({ metric, unit, anchor: null, better: 'lower' }, { ours, anchor: null }))
    tell('search.words', 'ms', rare)
    tell('search.words.frequent', 'ms', frequent)
    tell(
      'search.words.size',
      'MiB',
      rare.map(() => Number(size.mib)),
    )
  } finally {
    await world.close()
  }
}

/** A session with a recording that has a file: a screen full of lines, and the word in the middle. */
async function record(world: World, recordings: string, grant: string): Promise<void> {
  const [recording, session] = [newId('rec'), newId('ses')]
  const keys = must(await world.gateway.ask('createRecording', { recording }))
  const both = await (keys.payload as Secret).use('seal', (bytes) => Buffer.from(bytes))
  const writer = new RecordingWriter({
    path: join(recordings, `${recording}.clvr`),
    facts: { recording, session, columns: 80, rows: 24, keys: { viewers: 'v', officers: 'o' } },
    keys: { viewers: new Secret(both.subarray(0, 32)), officers: new Secret(both.subarray(32)) },
    clock: world.clock,
    terminal: true,
  })
  must(await writer.start())
  for (let line = 0; line < linesOfEach; line++) {
    writer.output(Buffer.from(`${line} ${wordNumber(line % 300)} the quick brown fox ${line === linesOfEach / 2 ? needle : ''}\r\n`))
    await writer.pressure()
  }
  await writer.close()
  await writeDown(world, { session, recording, grant })
  await writeEnd(world, { session, recording })
}
