import type { RecordingReader } from './recording-reader.ts'

/**
 * The recording as asciicast v2 (docs.asciinema.org, "asciicast v2"): a header line, then one line an event: `o` output, `i` proven
 * input, `r` resize. Unproven input is not in it. Yields whole lines; a recording that turns out to be altered ends with a
 * line on the screen that says so.
 */
export async function* asciicast(reader: RecordingReader, title?: string): AsyncGenerator<string> {
  const { columns, rows } = reader.facts
  const timestamp = Math.floor(reader.startedAt / 1_000_000)
  yield `${JSON.stringify({ version: 2, width: columns, height: rows, timestamp, ...(title !== undefined && { title }) })}\n`

  const decoders = { output: utf8Decoder(), input: utf8Decoder() }
  let last = 0
  const event = (at: number, code: string, data: string) => {
    // players want times that never go back; the wall clock between two segments may have
    last = Math.max(last, at - reader.startedAt)
    return `[${(last / 1_000_000).toFixed(6)},${JSON.stringify(code)},${JSON.stringify(data)}]\n`
  }
  for await (const frame of reader.frames()) {
    if (frame.kind === 'output' || frame.kind === 'input') {
      const text = decoders[frame.kind](frame.bytes)
      if (text) yield event(frame.at, frame.kind === 'output' ? 'o' : 'i', text)
    }
    if (frame.kind === 'resize') yield event(frame.at, 'r', `${frame.columns}x${frame.rows}`)
  }
  const ending = howItEnded(reader)
  if (ending) yield event(reader.startedAt + last, 'o', `\r\n${ending}\r\n`)
}

/** Keeps the beginning of a character that the next piece goes on with. */
export function utf8Decoder(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return (bytes) => decoder.decode(bytes, { stream: true })
}

/** A sentence for whoever reads an export, unless the recording ended in order. */
export function howItEnded(reader: RecordingReader): string | undefined {
  const verdict = reader.verdict
  if (verdict?.state === 'intact') return undefined
  if (!verdict?.finding) return '[this recording was interrupted here]'
  const { code, from, to } = verdict.finding
  return `[this recording cannot be trusted from here on: ${code}, bytes ${from} to ${to}]`
}
