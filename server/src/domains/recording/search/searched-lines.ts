import { fileList } from '../recorded-files.ts'
import { statementList } from '../recorded-statements.ts'
import type { RecordingReader } from '../recording-reader.ts'
import { ScreenLines } from './screen-lines.ts'

/** Bytes of one statement that are searched. */
const searchedOfEach = 128 * 1024
/** Bytes of screens that are searched in one recording: more than that is a file that somebody had printed. */
const searchedOfScreens = 64 * 1024 * 1024

/** Something to find, with its second in the recording. */
export interface SearchedLine {
  where: 'command' | 'statement' | 'file' | 'screen'
  seconds: number
  /** Of a statement or file: its number. */
  n: number | null
  text: string
}

/**
 * All that is searched of a recording: commands, statements with their parameters and the target's messages, names of files, and what stood on the
 * screen. What was typed unproven is not in it: the viewers' key does not open it. `cut` is called where something is left out for its size.
 */
export async function* searchedLines(reader: RecordingReader, cut: () => void = () => undefined): AsyncGenerator<SearchedLine> {
  if (reader.facts.kind === 'sql') yield* ofStatements(reader, cut)
  else if (reader.facts.kind === 'files') yield* ofFiles(reader)
  else yield* ofTerminal(reader, cut)
}

async function* ofStatements(reader: RecordingReader, cut: () => void): AsyncGenerator<SearchedLine> {
  for await (const { n, seconds, sql, parameters, message, shortened } of statementList(reader, searchedOfEach)) {
    if (shortened) cut()
    const given = parameters.filter((one) => one !== null).join(' ')
    for (const text of [sql, given, message]) if (text) yield { where: 'statement', n, seconds, text }
  }
}

async function* ofFiles(reader: RecordingReader): AsyncGenerator<SearchedLine> {
  for await (const { n, seconds, path, to, message } of fileList(reader))
    for (const text of [path, to, message]) if (text) yield { where: 'file', n, seconds, text }
}

async function* ofTerminal(reader: RecordingReader, cut: () => void): AsyncGenerator<SearchedLine> {
  const screen = new ScreenLines()
  let bytes = 0
  let seconds = 0
  for await (const frame of reader.frames()) {
    if (frame.kind !== 'command' && frame.kind !== 'output') continue
    seconds = Math.max(0, frame.at - reader.startedAt) / 1_000_000
    if (frame.kind === 'command') yield { where: 'command', n: null, seconds, text: frame.text }
    else {
      bytes += frame.bytes.length
      if (bytes > searchedOfScreens) cut()
      else for (const text of screen.push(frame.bytes)) yield { where: 'screen', n: null, seconds, text }
    }
  }
  for (const text of screen.end()) yield { where: 'screen', n: null, seconds, text }
}
