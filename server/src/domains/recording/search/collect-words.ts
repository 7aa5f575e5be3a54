import { setImmediate as breathe } from 'node:timers/promises'
import type { RecordingReader } from '../recording-reader.ts'
import { searchedLines } from './searched-lines.ts'
import { addWords } from './words.ts'

/** Different words of one recording that are found again. What was typed, asked and carried has room after the screen is full. */
export const mostWords = { screen: 40_000, all: 60_000 }
/** So long nothing else gets to run, in milliseconds. */
const stepMs = 10

/** The words of a recording, each once; `cut` where it has more than are kept. */
export async function collectWords(reader: RecordingReader, most = mostWords): Promise<{ words: Set<string>; cut: boolean }> {
  const words = new Set<string>()
  let cut = false
  let since = performance.now()
  const lines = searchedLines(reader, () => {
    cut = true
  })
  for await (const { where, text } of lines) {
    if (!addWords(text, words, where === 'screen' ? most.screen : most.all)) cut = true
    if (performance.now() - since < stepMs) continue
    await breathe()
    since = performance.now()
  }
  return { words, cut }
}
