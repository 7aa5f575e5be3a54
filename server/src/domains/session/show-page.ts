import type { AnswerOf, session as api } from '@claviger/api'
import type { RecordingReader } from '../recording/index.ts'
import { showVerdict } from './show-verdict.ts'

interface Page<T> {
  items: T[]
  total: number
  next: number | null
  verified: AnswerOf<typeof api.sessionFiles>['verified']
}

/** One page of what a recording lists, counted by `n`. All of the file is read each time: what verification says is about all of it. */
export async function showPage<L extends { n: number }, T>(
  reader: RecordingReader,
  list: AsyncIterable<L>,
  { after, limit }: { after: number; limit: number },
  shown: (one: L) => T,
): Promise<Page<T>> {
  try {
    const items: T[] = []
    let total = 0
    let last = 0
    for await (const one of list) {
      total += 1
      if (one.n <= after || items.length >= limit) continue
      items.push(shown(one))
      last = one.n
    }
    const next = items.length > 0 && items.length === limit && last < total ? last : null
    return { items, total, next, verified: showVerdict(reader) }
  } finally {
    await reader.close()
  }
}
