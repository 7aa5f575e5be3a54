import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readArchive } from './read-archive.ts'
import { type ArchiveFile, inPieces, pieceBytes, writeArchive } from './write-archive.ts'

async function* some(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}
async function* files(list: ArchiveFile[]): AsyncGenerator<ArchiveFile> {
  yield* list
}
const whole = async (list: ArchiveFile[]): Promise<Buffer> => Buffer.concat(await Array.fromAsync(writeArchive(files(list))))
const read = (bytes: Uint8Array, longest = 10_000_000) =>
  Array.fromAsync(readArchive(some(bytes.subarray(0, 700), bytes.subarray(700)), () => longest))
const list: ArchiveFile[] = [
  { name: 'backup.json', bytes: Buffer.from('{}') },
  { name: 'database/public.person/000000', bytes: Buffer.alloc(700, 7) },
  { name: 'empty', bytes: Buffer.alloc(0) },
]

describe('an archive', () => {
  test('is read as it was written', async () => {
    expect(
      (await read(await whole(list))).map((f) => [
        f.name,
        Buffer.from(f.bytes).equals(Buffer.from(list.find((l) => l.name === f.name)?.bytes ?? '')),
      ]),
    ).toEqual(list.map((l) => [l.name, true]))
  })

  test("is read by the system's tar", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'claviger-archive-'))
    writeFileSync(join(folder, 'a.tar'), await whole(list))
    const { status, stderr } = spawnSync('tar', ['-xf', 'a.tar'], { cwd: folder, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    expect(readFileSync(join(folder, 'database/public.person/000000')).equals(Buffer.alloc(700, 7))).toBe(true)
    rmSync(folder, { recursive: true })
  })

  test('cuts what is long into pieces that join to the same', async () => {
    const long = Buffer.alloc(2 * pieceBytes + 5, 'abc')
    const pieces = await Array.fromAsync(inPieces('t', some(long.subarray(0, 99), long.subarray(99))))
    expect(pieces.map((p) => [p.name, p.bytes.length])).toEqual([
      ['t/000000', pieceBytes],
      ['t/000001', pieceBytes],
      ['t/000002', 5],
    ])
    expect(Buffer.concat(pieces.map((p) => p.bytes)).equals(long)).toBe(true)
  })

  test.each([
    ['cut off in the middle', (b: Buffer) => b.subarray(0, 900)],
    ['cut off before its end', (b: Buffer) => b.subarray(0, -512)],
    ['with something behind its end', (b: Buffer) => Buffer.concat([b, Buffer.alloc(512)])],
    ['with a changed header', (b: Buffer) => Buffer.from(b).fill('x', 3, 4)],
    ['that is none', () => Buffer.alloc(2048, 'x')],
  ])('%s is refused', async (_how, change) => {
    await expect(read(change(await whole(list)))).rejects.toThrow()
  })

  test.each(['../etc/passwd', '/etc/passwd', 'a/../../b', 'a//b', '.ssh/keys', 'a\nb'])('with the name %j is refused', async (name) => {
    await expect(read(await whole([{ name, bytes: Buffer.alloc(1) }]))).rejects.toThrow('no archive of ours')
  })

  test('with a file longer than belongs there is refused before it is read', async () => {
    await expect(read(await whole(list), 699)).rejects.toThrow('longer than anything')
  })
})
