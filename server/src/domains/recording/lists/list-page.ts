import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { ByteSource } from '../../../protocols/recording/index.ts'
import type { RecordingError } from '../errors.ts'
import type { RecordedFrame } from '../open-frames.ts'
import { readStretch } from '../replay/read-stretch.ts'
import type { ReaderKeys } from '../segment-keys.ts'
import type { ListOutline } from './list-outline.ts'
import { numberOf } from './make-list-outline.ts'

/** What is recorded of the numbers after `after`, `limit` of them: of the file only those stretches are read in which something of them stands, each checked by itself. */
export async function listPage<T>(
  { source, viewers, outline }: { source: ByteSource; viewers: ReaderKeys['viewers']; outline: ListOutline },
  { after, limit }: { after: number; limit: number },
  /** What the frames come to, in their order. `startedAt`: of the recording, in microseconds since 1970. */
  listed: (frames: AsyncIterable<RecordedFrame>, startedAt: number) => AsyncIterable<T>,
): Promise<Result<T[], RecordingError>> {
  const isWanted = (n: number): boolean => n > after && n <= after + limit
  let trouble: RecordingError | undefined
  async function* frames(): AsyncGenerator<RecordedFrame> {
    for (const [at, { first, late }] of outline.stretches.entries()) {
      const last = (outline.stretches[at + 1]?.first ?? outline.total + 1) - 1
      const begins = first <= last && first <= after + limit && last > after
      if (!begins && !late.some(isWanted)) continue
      const read = await readStretch(source, viewers, outline, at)
      if (!read.ok) {
        trouble = read.error
        return
      }
      for (const frame of read.value) {
        const n = numberOf(frame, outline.kind)
        if (n !== undefined && isWanted(n)) yield frame
      }
    }
  }
  const items: T[] = []
  for await (const one of listed(frames(), outline.segments[0]?.started ?? 0)) items.push(one)
  return trouble ? fail(trouble) : ok(items)
}
