import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesInMemory } from './block.ts'
import { checkChain } from './check-chain.ts'
import { chunkFixed, encodeChunkHeader } from './chunk-header.ts'
import { blockHash } from './hash.ts'
import { type Head, type Manifest, noCounts } from './manifest.ts'
import { encodeHeader } from './segment-header.ts'

/** A recording whose sealed bytes are noise: without a key nobody can tell. */
function recording(lengths: readonly number[], { recording: id = 'rec_aaaaaaaaaa', final = true } = {}) {
  const facts = {
    columns: 80,
    keys: { officers: 'o:1', viewers: 'v:1' },
    kind: 'terminal' as const,
    recording: id,
    rows: 24,
    session: 'ses_aaaaaaaaaa',
    started: '2026-01-02T03:04:05.678Z',
  }
  const header = encodeHeader({ segment: 1, compression: 'none', salt: new Uint8Array(32).fill(7), previous: new Uint8Array(32), facts })
  const blocks: Buffer[] = [Buffer.concat([header, Buffer.alloc(32, 1)])]
  const heads: Head[] = []
  const link = () => blockHash(blocks.at(-1) as Buffer)
  for (const [index, length] of lengths.entries()) {
    const last = final && index === lengths.length - 1
    const stream = index % 3 === 1 && !last ? 'officers' : 'viewers'
    const fixed = encodeChunkHeader({
      final: last,
      stream,
      segment: 1,
      index,
      at: index * 1000,
      plainLength: length,
      sealedLength: length + 16,
      previous: link(),
    })
    blocks.push(Buffer.concat([fixed, Buffer.from(Array.from({ length: length + 16 }, (_, i) => (i * 31 + index * 17) & 0xff))]))
    heads.push({ chunks: index + 1, head: link().toString('hex') })
  }
  const file = Buffer.concat(blocks)
  const offsets = blocks.map((_, i) => blocks.slice(0, i).reduce((sum, block) => sum + block.length, 0))
  const manifest: Manifest = {
    format: 'claviger recording manifest 1',
    recording: id,
    session: facts.session,
    complete: true,
    segments: 1,
    chunks: lengths.length,
    bytes: file.length,
    head: link().toString('hex'),
    started: facts.started,
    ended: facts.started,
    durations: { wall: 0, monotonic: 0 },
    counts: noCounts(),
  }
  return { file, blocks, offsets, heads, manifest }
}

const check = (file: Uint8Array, manifest?: Manifest, heads?: readonly Head[]) => checkChain(bytesInMemory(file), { manifest, heads })
const made = recording([40, 10, 70, 0, 25])
const block = (n: number) => made.blocks[n] as Buffer
const join = (...blocks: readonly Buffer[]) => Buffer.concat(blocks)

describe('checking a recording without a key', () => {
  test('finds nothing in one that nobody touched, and says whether anyone vouches for it', async () => {
    expect(await check(made.file)).toMatchObject({
      state: 'intact',
      anchored: false,
      segments: 1,
      chunks: 5,
      bytes: made.file.length,
      head: made.manifest.head,
    })
    expect(await check(made.file, made.manifest)).toMatchObject({ state: 'intact', anchored: true })
    expect(await check(made.file, undefined, made.heads)).toMatchObject({ state: 'intact', anchored: true })
    expect(await check(made.file, undefined, made.heads.slice(0, 3))).toMatchObject({ state: 'intact', anchored: false })
  })

  test('finds every changed bit, and names the block in which it is', async () => {
    for (let at = 0; at < made.file.length; at++) {
      const changed = Buffer.from(made.file)
      changed[at] = (changed[at] as number) ^ (1 << (at % 8))
      const verdict = await check(changed, made.manifest)
      expect(verdict.state, `byte ${at}`).toBe('altered')
      const finding = verdict.finding
      const place = made.offsets.findLastIndex((offset) => offset <= at)
      const [from, to] = [made.offsets[place] as number, made.offsets[place + 1] ?? made.file.length]
      // the range holds the byte and nothing of another block; for the last block the manifest can only say that the end is not there
      const cut = finding?.code === 'recording.cut_back' && place === made.blocks.length - 1
      if (!cut) {
        expect([finding?.from, finding?.to], `byte ${at}: ${finding?.code}`).toEqual([
          expect.toSatisfy((f) => f >= from && f <= at),
          expect.toSatisfy((t) => t <= to && t > at),
        ])
      }
    }
  })

  test('finds every changed bit but those of the last block when nobody vouches for the end', async () => {
    for (let at = 0; at < (made.offsets.at(-1) as number); at++) {
      const changed = Buffer.from(made.file)
      changed[at] = (changed[at] as number) ^ 0x10
      expect((await check(changed)).state, `byte ${at}`).toBe('altered')
    }
  })

  test('calls every cut file interrupted, tells the torn tail, and calls it altered when the manifest says it was whole', async () => {
    for (let length = 0; length < made.file.length; length++) {
      const cut = made.file.subarray(0, length)
      const verdict = await check(cut)
      expect(verdict.state, `${length} bytes`).toBe(length < block(0).length ? 'altered' : 'interrupted')
      if (verdict.state === 'interrupted') {
        const whole = made.offsets.filter((offset) => offset <= length).at(-1) as number
        expect(verdict.bytes).toBe(whole)
        expect(verdict.tail).toEqual(whole === length ? undefined : { from: whole, to: length })
      }
      expect((await check(cut, made.manifest)).state).toBe('altered')
    }
  })

  test('finds that a recording was cut back behind what the ledger has seen', async () => {
    const cut = join(block(0), block(1), block(2))
    expect(await check(cut, undefined, made.heads.slice(0, 2))).toMatchObject({ state: 'interrupted', anchored: true })
    expect(await check(cut, undefined, made.heads.slice(0, 3))).toMatchObject({
      state: 'altered',
      finding: { code: 'recording.cut_back', chunk: 2, from: cut.length },
    })
  })

  test.each([
    ['a chunk that was taken out', join(block(0), block(1), block(3), block(4), block(5)), 'recording.chunk_removed', 1],
    ['the first chunk taken out', join(block(0), block(2), block(3), block(4), block(5)), 'recording.chunk_removed', 0],
    ['two neighbours that changed places', join(block(0), block(1), block(3), block(2), block(4), block(5)), 'recording.chunk_moved', 1],
    [
      'a chunk that is there twice',
      join(block(0), block(1), block(2), block(2), block(3), block(4), block(5)),
      'recording.chunk_inserted',
      2,
    ],
    [
      'an old chunk put in later',
      join(block(0), block(1), block(2), block(3), block(1), block(4), block(5)),
      'recording.chunk_inserted',
      3,
    ],
    ['a second end', join(made.file, block(5)), 'recording.bytes_after_end', undefined],
    ['bytes after the end', join(made.file, Buffer.from('x')), 'recording.bytes_after_end', undefined],
    ['no header', join(block(1), block(2)), 'recording.not_a_recording', undefined],
    ['something else', Buffer.from('GIF89a'), 'recording.not_a_recording', undefined],
    ['nothing', Buffer.alloc(0), 'recording.not_a_recording', undefined],
  ])('names %s', async (_what, file, code, chunk) => {
    const verdict = await check(file)
    expect(verdict).toMatchObject({ state: 'altered', finding: { code } })
    expect(verdict.finding?.chunk).toBe(chunk)
  })

  test('names a chunk that someone made up and put in with the right number and link', async () => {
    const fixed = encodeChunkHeader({
      final: false,
      stream: 'viewers',
      segment: 1,
      index: 2,
      at: 2,
      plainLength: 4,
      sealedLength: 20,
      previous: blockHash(block(2)),
    })
    const forged = join(fixed, Buffer.alloc(20))
    const at = block(0).length + block(1).length + block(2).length
    const verdict = await check(join(block(0), block(1), block(2), forged, block(3), block(4), block(5)))
    expect(verdict.finding).toMatchObject({ code: 'recording.chunk_inserted', chunk: 2, from: at, to: at + forged.length })
  })

  test('finds another recording under the name of this one', async () => {
    const other = recording([40, 10, 70, 0, 25], { recording: 'rec_bbbbbbbbbb' })
    expect(await check(other.file, made.manifest)).toMatchObject({ state: 'altered', finding: { code: 'recording.other_recording' } })
  })

  test('finds a chain that was rewritten as a whole, from the first head entry on that it contradicts', async () => {
    const rewritten = recording([40, 10, 71, 0, 25])
    expect((await check(rewritten.file)).state).toBe('intact')
    expect(await check(rewritten.file, undefined, made.heads)).toMatchObject({
      state: 'altered',
      finding: { code: 'recording.rewritten', chunk: 2, from: made.offsets[3], to: rewritten.offsets[4] },
    })
    expect(await check(rewritten.file, made.manifest)).toMatchObject({ state: 'altered', finding: { code: 'recording.wrong_manifest' } })
  })

  test('takes what a failed recording says of itself: so far and no further', async () => {
    const broken = recording([40, 10], { final: false })
    const manifest = { ...broken.manifest, complete: false }
    expect(await check(broken.file, manifest)).toMatchObject({ state: 'interrupted', anchored: true })
    expect(await check(join(broken.file, Buffer.from('CLVC')), manifest)).toMatchObject({
      state: 'interrupted',
      tail: { from: broken.file.length },
    })
    expect(await check(broken.blocks[0] as Buffer, manifest)).toMatchObject({ state: 'altered', finding: { code: 'recording.cut_back' } })
  })

  test('says something about any bytes at all, also behind a true beginning', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.nat(made.blocks.length), async (tail, blocks) => {
        const verdict = await check(join(...made.blocks.slice(0, blocks), Buffer.from(tail)))
        if (verdict.state === 'intact') expect([blocks, tail.length]).toEqual([made.blocks.length, 0])
        expect(verdict.chunks).toBeLessThanOrEqual(made.blocks.length)
      }),
    )
  })

  test('reads no more than a chunk may be long, whatever a header claims', async () => {
    const claims = Buffer.from(block(1).subarray(0, chunkFixed))
    claims.writeUInt32BE(0xffffffff, 28)
    const read: number[] = []
    const file = join(block(0), claims, Buffer.alloc(chunkFixed))
    const source = bytesInMemory(file)
    await checkChain({
      size: source.size,
      read(from, length) {
        read.push(length)
        return source.read(from, length)
      },
    })
    expect(Math.max(...read)).toBeLessThan(2 * 1024 * 1024)
  })
})
