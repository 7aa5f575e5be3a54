import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fileOf, openStored, removeRecording } from './recording-places.ts'

function folder(): { recordings: string } {
  const recordings = mkdtempSync(join(tmpdir(), 'places-'))
  onTestFinished(() => rmSync(recordings, { recursive: true, force: true }))
  return { recordings }
}

test('bytes of a recording are removed once, and asking again removes nothing', async () => {
  const places = folder()
  writeFileSync(fileOf(places, 'rec_aaaaaaaaaa'), 'twelve bytes')
  writeFileSync(fileOf(places, 'rec_bbbbbbbbbb'), 'of another')
  expect(await removeRecording(places, 'rec_aaaaaaaaaa')).toEqual({ ok: true, value: { bytes: 12 } })
  expect(await removeRecording(places, 'rec_aaaaaaaaaa')).toEqual({ ok: true, value: { bytes: 0 } })
  expect(await openStored(places, 'rec_aaaaaaaaaa')).toEqual({ ok: true, value: undefined })
  const other = await openStored(places, 'rec_bbbbbbbbbb')
  expect(other.ok && other.value?.size).toBe(10)
  if (other.ok) await other.value?.close()
})

test('where it cannot be removed that is said, not passed over', async () => {
  const places = folder()
  writeFileSync(join(places.recordings, 'no-folder'), '')
  expect(await removeRecording({ recordings: join(places.recordings, 'no-folder') }, 'rec_aaaaaaaaaa')).toEqual({
    ok: false,
    error: { code: 'recording.not_removed', detail: 'ENOTDIR' },
  })
})

test.each(['../rec_aaaaaaaaaa', 'rec_a/../../etc', '', 'rec_'])('nothing but an id names a file: %s', async (id) => {
  expect(() => fileOf(folder(), id)).toThrow('no id')
})
