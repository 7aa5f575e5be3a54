import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { openRecording } from './recording-reader.ts'
import { RecordingWriter } from './recording-writer.ts'
import { verifyRecording } from './verify-recording.ts'

/** Records line after line, and says after each flush how far it is safe. */
const program = `
const [, path, here] = process.argv
const { RecordingWriter } = await import(here + '/recording-writer.ts')
const { systemClock } = await import(here + '/../../kernel/clock.ts')
const facts = { recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', columns: 80, rows: 24, keys: { viewers: 'v:1', officers: 'o:1' } }
const keys = { viewers: Buffer.alloc(32, 1), officers: Buffer.alloc(32, 2) }
const writer = new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: true, flushEvery: 10 })
await writer.start()
let said = 0
for (let line = 0; line < 20_000; line++) {
  writer.output(Buffer.from('line ' + line + '\\r\\n'))
  await new Promise((resolve) => setTimeout(resolve, 1))
  const head = writer.head()
  if (head.chunks > said) console.log(JSON.stringify(head))
  said = head.chunks
}
`
const keys = { viewers: Buffer.alloc(32, 1), officers: Buffer.alloc(32, 2) }

/** Kills the process, without warning, once it has said five times how far it is. Gives what it said. */
async function killAfterFive(child: ChildProcess) {
  const heads: { chunks: number; head: string }[] = []
  if (!child.stdout) throw new Error('no output')
  for await (const line of createInterface(child.stdout)) {
    heads.push(JSON.parse(line))
    if (heads.length === 5) child.kill('SIGKILL')
  }
  return heads
}

test('a killed recorder leaves everything it called safe, the ledger’s heads vouch for it, and the recording can go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'killed-'))
  try {
    const path = join(folder, 'rec_aaaaaaaaaa.clvr')
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, path, import.meta.dirname], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const gone = once(child, 'exit')
    const heads = await killAfterFive(child)
    expect(await gone).toEqual([null, 'SIGKILL'])
    const verdict = await verifyRecording(path, undefined, heads)
    expect(verdict).toMatchObject({ ok: true, value: { state: 'interrupted' } })
    expect(verdict.ok && verdict.value.finding).toBeUndefined()

    const reader = await openRecording(path, keys, { heads })
    if (!reader.ok) throw new Error(reader.error.code)
    let output = ''
    for await (const frame of reader.value.frames()) if (frame.kind === 'output') output += Buffer.from(frame.bytes).toString()
    await reader.value.close()
    const lines = output.split('\r\n').slice(0, -1)
    expect(lines.length).toBeGreaterThan(5)
    expect(lines).toEqual(lines.map((_, i) => `line ${i}`))

    const facts = {
      recording: 'rec_aaaaaaaaaa',
      session: 'ses_aaaaaaaaaa',
      columns: 80,
      rows: 24,
      keys: { viewers: 'v:1', officers: 'o:1' },
    }
    const writer = new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: true, resume: true })
    expect(await writer.start()).toMatchObject({ ok: true })
    const manifest = await writer.close()
    expect(await verifyRecording(path, manifest, heads)).toMatchObject({
      ok: true,
      value: { state: 'intact', anchored: true, segments: 2 },
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})
