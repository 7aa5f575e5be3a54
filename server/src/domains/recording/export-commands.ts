import type { RecordingReader } from './recording-reader.ts'

export interface RecordedCommand {
  /** When Enter was pressed. */
  at: Date
  /** The same, in seconds from the start, for a player to jump to. */
  seconds: number
  text: string
}

/** The commands of a recording, in the order in which they were entered. */
export async function* commandList(reader: RecordingReader): AsyncGenerator<RecordedCommand> {
  for await (const frame of reader.frames()) {
    if (frame.kind !== 'command') continue
    const seconds = Math.max(0, frame.at - reader.startedAt) / 1_000_000
    yield { at: new Date(frame.at / 1000), seconds, text: frame.text }
  }
}
