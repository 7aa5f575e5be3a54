import { howItEnded } from './export-asciicast.ts'
import { asJsonLines } from './export-lines.ts'
import { fileList, type RecordedFile } from './recorded-files.ts'
import type { RecordingReader } from './recording-reader.ts'

export const filesAsJsonLines = (reader: RecordingReader): AsyncGenerator<string> => asJsonLines(reader, fileList(reader))

/** For reading: a line for each act. */
export async function* filesAsText(reader: RecordingReader): AsyncGenerator<string> {
  for await (const file of fileList(reader)) yield `${file.at.toISOString()}  #${file.n}  ${inWords(file)}\n`
  const ending = howItEnded(reader)
  if (ending) yield `${ending}\n`
}

function inWords({ op, path, to, from, bytes, sha256, outcome, message }: RecordedFile): string {
  const what = [op, printable(path), to !== null && `-> ${printable(to)}`].filter(Boolean).join(' ')
  const part = from > 0 && `from byte ${from}`
  const passed = bytes !== null && `${bytes} bytes`
  const came = outcome === 'open' ? 'no end was recorded' : outcome
  return [what, part, passed, sha256 && `sha256 ${sha256}`, came, message && printable(message)].filter(Boolean).join(', ')
}

/** Without what a terminal would take for a command. */
const printable = (text: string): string => text.replaceAll(/\p{C}/gu, '\ufffd')
