import { howItEnded } from './export-asciicast.ts'
import type { RecordingReader } from './recording-reader.ts'

/** One JSON object a line. A recording that was interrupted or altered ends with a line that says so. */
export async function* asJsonLines(reader: RecordingReader, list: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const one of list) yield `${JSON.stringify(one)}\n`
  const ending = howItEnded(reader)
  if (ending) yield `${JSON.stringify({ note: ending })}\n`
}
