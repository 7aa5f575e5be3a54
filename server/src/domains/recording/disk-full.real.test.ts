import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Runs in a mount namespace of its own, on a disk of 512 KiB, and says as JSON what it came to. */
const program = `
const { randomBytes } = await import('node:crypto')
const [, folder, mount] = process.argv
const { RecordingWriter } = await import(mount + '/recording-writer.ts')
const { verifyRecording } = await import(mount + '/verify-recording.ts')
const { systemClock } = await import(mount + '/../../kernel/clock.ts')
const path = folder + '/rec_aaaaaaaaaa.clvr'
const facts = { recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', columns: 80, rows: 24, keys: { viewers: 'v:1', officers: 'o:1' } }
const keys = { viewers: randomBytes(32), officers: randomBytes(32) }
const writer = new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: true, flushEvery: 20 })
const begun = await writer.start()
const failures = []
writer.onFailure((failure) => failures.push(failure))
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
let rounds = 0
while (failures.length === 0 && rounds++ < 500) {
  writer.output(randomBytes(4096))
  await pause(2)
}
const after = []
writer.onFailure((failure) => after.push(failure))
const held = await Promise.race([writer.pressure().then(() => false), pause(100).then(() => true)])
const manifest = await writer.close()
const verdict = await verifyRecording(path, manifest, [begun.value, writer.head()])
console.log(JSON.stringify({ failures, after, held, rounds, manifest, verdict }))
`

test('a full disk ends the session: the failure is told, nothing passes any more, and what was safe can be verified', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'full-'))
  try {
    const mounted = 'mount -t tmpfs -o size=512k tmpfs "$1" && exec "$2" --input-type=module -e "$3" "$1" "$4"'
    const run = promisify(execFile)(
      'unshare',
      ['-Urm', 'sh', '-c', mounted, 'sh', folder, process.execPath, program, import.meta.dirname],
      { timeout: 60_000 },
    )
    const { failures, after, held, rounds, manifest, verdict } = JSON.parse((await run).stdout)
    expect(failures).toEqual([{ code: 'recording.unwritable', detail: 'ENOSPC' }])
    expect(after).toEqual(failures)
    expect(held).toBe(true)
    expect(rounds).toBeGreaterThan(10)
    expect(manifest).toMatchObject({ complete: false })
    expect(manifest.chunks).toBeGreaterThan(0)
    expect(manifest.bytes).toBeLessThanOrEqual(512 * 1024)
    expect(verdict).toMatchObject({ ok: true, value: { state: 'interrupted' } })
    expect(verdict.value.finding).toBeUndefined()
  } finally {
    await rm(folder, { recursive: true })
  }
})
