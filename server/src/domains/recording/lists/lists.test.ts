import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileAct } from '../../../gateways/contract.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { type ByteSource, bytesInMemory } from '../../../protocols/recording/index.ts'
import { fileList, filesIn, type RecordedFile } from '../recorded-files.ts'
import { type RecordedStatement, statementList, statementsIn } from '../recorded-statements.ts'
import { readRecording } from '../recording-reader.ts'
import { RecordingWriter } from '../recording-writer.ts'
import { grownOutline, openListOutline, sealListOutline } from './keep-list-outline.ts'
import type { ListKind, ListOutline } from './list-outline.ts'
import { listPage } from './list-page.ts'
import { makeListOutline } from './make-list-outline.ts'

const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
const facts = { recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', columns: 80, rows: 24, keys: { viewers: 'v:1', officers: 'o:1' } }
let folder: string
let sql: { file: Buffer; statements: RecordedStatement[] }
let files: { file: Buffer; acts: RecordedFile[] }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lists-'))
  sql = await ofStatements()
  files = await ofFiles()
})
afterAll(() => rm(folder, { recursive: true }))

async function written(kind: ListKind, work: (writer: RecordingWriter, flush: () => Promise<void>) => Promise<void>): Promise<Buffer> {
  const path = join(folder, `${kind}.clvr`)
  const writer = new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: false, kind, flushEvery: 1 })
  const started = await writer.start()
  if (!started.ok) throw new Error(started.error.code)
  await work(writer, async () => {
    const { chunks } = writer.head()
    while (writer.head().chunks === chunks) await new Promise((done) => setTimeout(done, 1))
  })
  await writer.close()
  return await readFile(path)
}
const opened = async (file: Buffer) => {
  const reader = await readRecording(bytesInMemory(file), keys)
  if (!reader.ok) throw new Error(reader.error.code)
  return reader.value
}
const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = []
  for await (const one of list) items.push(one)
  return items
}

const count = 90
/** A long one every ninth time, and one in ten ends three steps later. */
async function ofStatements() {
  const file = await written('sql', async (writer, flush) => {
    for (let n = 1; n <= count + 3; n++) {
      if (n <= count) {
        const parameters = [n % 9 === 0 ? `${n}`.repeat(20_000) : `${n}`]
        const how = { via: 'extended' as const, unsureEncoding: false, escaped: false }
        writer.statementStarted({ n, sql: `select ${n} from orders where id = $1`, parameters, ...how })
        // some come after those of the next ones have begun
        if (n % 5 === 1) writer.resultPassed(n, () => ({ columns: [{ name: 'id', type: 'int4' }] }))
        if (n % 5 === 1) writer.resultPassed(n, () => ({ row: [`${n}`] }))
        if (n % 10 === 3) writer.resultPassed(n - 3, () => ({ columns: [{ name: 'late', type: 'int4' }] }))
        if (n % 10 === 3) writer.resultPassed(n - 3, () => ({ row: ['late'] }))
      }
      const ends = [n % 10 === 0 ? 0 : n, n % 10 === 3 ? n - 3 : 0].filter((end) => end > 0 && end <= count && end !== 33)
      for (const end of ends) writer.statementEnded({ n: end, durationMs: end, rows: end, bytes: 1, outcome: 'ok', tag: `SELECT ${end}` })
      if (n > count && ends.length === 0) continue
      await flush()
    }
  })
  return { file, statements: await all(statementList(await opened(file))) }
}
async function ofFiles() {
  const act = (n: number, outcome: 'open' | 'ok'): FileAct => ({
    ...{ n, op: 'get', path: `/srv/${n}`, to: null, from: 0, bytes: outcome === 'ok' ? n : null, sha256: null, outcome, message: null },
  })
  const file = await written('files', async (writer, flush) => {
    for (let n = 1; n <= count; n++) {
      writer.file(act(n, 'open'))
      if (n > 1) writer.file(act(n - 1, 'ok'))
      await flush()
    }
  })
  return { file, acts: await all(fileList(await opened(file))) }
}

/** Many stretches. */
const many = { worth: 2_000, most: 1024 }
const outlineOf = async (file: Buffer, kind: ListKind, of = many) => await makeListOutline(await opened(file), kind, of)
const statementsOn = (outline: ListOutline, file: Buffer | ByteSource, after: number, limit: number) =>
  listPage(
    { source: Buffer.isBuffer(file) ? bytesInMemory(file) : file, viewers: keys.viewers, outline },
    { after, limit },
    (frames, startedAt) => statementsIn(frames, startedAt, Number.POSITIVE_INFINITY),
  )

describe('a page of what a recording lists', () => {
  test('is what reading all of it gives, wherever it begins and however long it is', async () => {
    expect(sql.statements).toHaveLength(count)
    expect(sql.statements.filter((s) => s.outcome === 'open').map((s) => s.n)).toEqual([33])
    expect(sql.statements.filter((s) => s.results).length).toBe(count / 5 + count / 10 - 1)
    for (const of of [many, { worth: 1, most: 1024 }, { worth: 1, most: 4 }, { worth: 1e9, most: 1024 }]) {
      const outline = await outlineOf(sql.file, 'sql', of)
      expect(outline.total).toBe(count)
      expect(outline.stretches.length).toBeLessThanOrEqual(of.most)
      expect(outline.stretches.at(-1)?.to).toBe(sql.file.length)
      for (const limit of [1, 7, count])
        for (let after = 0; after <= count; after += limit === 1 ? 13 : limit)
          expect(await statementsOn(outline, sql.file, after, limit)).toEqual({
            ok: true,
            value: sql.statements.slice(after, after + limit),
          })
    }
  })

  test('of a transfer, too', async () => {
    const outline = await outlineOf(files.file, 'files')
    expect(outline.stretches.length).toBeGreaterThan(5)
    expect(files.acts.map((a) => a.outcome)).toEqual([...Array(count - 1).fill('ok'), 'open'])
    for (let after = 0; after <= count; after += 11) {
      const page = await listPage({ source: bytesInMemory(files.file), viewers: keys.viewers, outline }, { after, limit: 11 }, filesIn)
      expect(page).toEqual({ ok: true, value: files.acts.slice(after, after + 11) })
    }
  })

  test('reads those stretches alone in which something of it stands', async () => {
    const outline = await outlineOf(sql.file, 'sql')
    let read = 0
    const counted: ByteSource = {
      size: sql.file.length,
      async read(from, length) {
        read += length
        return sql.file.subarray(from, from + length)
      },
    }
    for (const after of [0, 50, 88]) {
      read = 0
      expect(await statementsOn(outline, counted, after, 2)).toMatchObject({ ok: true })
      expect(read).toBeGreaterThan(0)
      expect(read).toBeLessThan(sql.file.length / 4)
    }
  })

  test('is refused where a bit of what it stands in was changed, with the place; other pages are what they were', async () => {
    const outline = await outlineOf(sql.file, 'sql')
    const at = outline.stretches.findIndex((stretch) => stretch.first > 40)
    const { from, to, first } = outline.stretches[at] as ListOutline['stretches'][number]
    for (let byte = from; byte < to; byte += 5) {
      const changed = Buffer.from(sql.file)
      changed[byte] = (changed[byte] as number) ^ (1 << (byte % 8))
      const page = await statementsOn(outline, changed, first - 1, 1)
      expect(page, `byte ${byte}`).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^recording\./) } })
      if (!page.ok) expect(page.error).toMatchObject({ from: expect.any(Number), to: expect.any(Number) })
      expect((await statementsOn(outline, changed, 0, 2)).ok).toBe(true)
    }
  })
})

describe('the outline of a list', () => {
  test('goes on where it ended, as the recording grows', async () => {
    const whole = await outlineOf(sql.file, 'sql')
    for (const { to } of whole.stretches) {
      const soFar = await outlineOf(sql.file.subarray(0, to), 'sql')
      // a block that is not there to its end is one that is being written
      const torn = await grownOutline(bytesInMemory(sql.file.subarray(0, Math.min(sql.file.length, to + 50))), keys.viewers, soFar)
      expect(torn).toMatchObject({ bytes: to, total: soFar.total })
      const grown = await grownOutline(bytesInMemory(sql.file), keys.viewers, soFar)
      if ('code' in grown) throw new Error(grown.code)
      expect(grown).toMatchObject({ bytes: whole.bytes, head: whole.head, chunks: whole.chunks, total: count })
      expect(await statementsOn(grown, sql.file, 0, count)).toEqual({ ok: true, value: sql.statements })
    }
  })

  test('does not go on over what is not the rest of its recording', async () => {
    const { stretches } = await outlineOf(sql.file, 'sql')
    const [, second, third] = stretches as [unknown, { from: number; to: number }, { from: number; to: number }]
    const soFar = await outlineOf(sql.file.subarray(0, second.from), 'sql')
    const begun = sql.file.subarray(0, second.from)
    const others = {
      'a stretch left out': Buffer.concat([begun, sql.file.subarray(third.from)]),
      'another recording': Buffer.concat([begun, files.file.subarray(second.from)]),
      'something else': Buffer.concat([begun, Buffer.from('CLVX and more of it than a header has, so that it is no torn end of one')]),
    }
    for (const [what, file] of Object.entries(others))
      expect(await grownOutline(bytesInMemory(file), keys.viewers, soFar), what).toMatchObject({
        code: expect.stringMatching(/^recording\./),
      })
    for (let byte = second.from; byte < second.to; byte += 3) {
      const changed = Buffer.from(sql.file)
      changed[byte] = (changed[byte] as number) ^ (1 << (byte % 8))
      const grown = await grownOutline(bytesInMemory(changed), keys.viewers, soFar)
      // a length that leads behind the end looks like a torn end; nothing of it is given, and the ledger knows that there was more
      if (!('code' in grown)) expect(grown.bytes, `byte ${byte}`).toBeLessThan(second.to)
    }
  })

  test('opens for who has the key of its recording, and as it was made', async () => {
    const outline = await outlineOf(sql.file, 'sql')
    const [sealed] = (await sealListOutline(keys.viewers, outline)) as [Buffer]
    expect(await openListOutline(keys.viewers, facts.recording, sealed)).toEqual(outline)
    expect(await openListOutline(keys.officers, facts.recording, sealed)).toBeUndefined()
    expect(await openListOutline(keys.viewers, 'rec_bbbbbbbbbb', sealed)).toBeUndefined()
    for (let byte = 0; byte < sealed.length; byte += 3) {
      const changed = Buffer.from(sealed)
      changed[byte] = (changed[byte] as number) ^ 1
      expect(await openListOutline(keys.viewers, facts.recording, changed), `byte ${byte}`).toBeUndefined()
    }
  })
})
