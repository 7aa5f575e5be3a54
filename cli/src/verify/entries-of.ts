import { parseLine, readEntry } from './lines.ts'
import type { Vouched } from './recording.ts'

/** Passes the lines of an export on and notes what its entries say of one recording. */
export function entriesOf(recording: string): {
  pass(lines: AsyncIterable<string>): AsyncGenerator<string>
  /** What was noted; complete once the lines are over. */
  vouched(): Vouched
} {
  const heads: { chunks: number; head: string }[] = []
  let manifest: Vouched['manifest']
  const note = (entry: Record<string, unknown>) => {
    const { act, fields } = entry as { act?: unknown; fields?: Record<string, unknown> }
    if (fields?.recording !== recording) return
    if (act === 'recording.head' || act === 'session.interrupted') {
      const { chunks, head } = fields
      if (typeof chunks === 'number' && typeof head === 'string' && head !== '') heads.push({ chunks, head })
    }
    if (act !== 'session.ended' || typeof fields.manifest !== 'string') return
    const { complete, chunks, bytes, head, recording: of } = parseLine(fields.manifest) ?? {}
    if (typeof of === 'string' && typeof chunks === 'number' && typeof bytes === 'number' && typeof head === 'string')
      manifest = { recording: of, complete: complete === true, chunks, bytes, head }
  }
  return {
    async *pass(lines) {
      for await (const line of lines) {
        const json = parseLine(line)
        const entry = json && readEntry(json)
        const inside = entry && parseLine(entry.bytes.toString())
        if (inside) note(inside)
        yield line
      }
    },
    vouched: () => ({ heads, manifest }),
  }
}
