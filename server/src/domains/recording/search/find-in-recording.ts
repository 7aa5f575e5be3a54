import { setImmediate as breathe } from 'node:timers/promises'
import type { RecordingReader } from '../recording-reader.ts'
import { type SearchedLine, searchedLines } from './searched-lines.ts'
import { placesOf, type Term } from './words.ts'

/** Characters of a line that are shown, around the first place. */
const shownOfLine = 240
const stepMs = 10

export interface Hit extends Omit<SearchedLine, 'text'> {
  /** The line, or what stands around the first place in it. */
  text: string
  /** Where in the text what was looked for stands. */
  marks: { from: number; to: number }[]
}

export interface Found {
  /** Lines in which some of it stands, those that have most of it first. */
  hits: Hit[]
  /** Every term was seen. */
  all: boolean
  /** It was read as far as its time went. */
  part: boolean
}

/** Looks for terms in a recording, until each was seen and there are enough lines to show, or `until` (of performance.now) has come. */
export async function findInRecording(
  reader: RecordingReader,
  terms: readonly Term[],
  { hits: most, until }: { hits: number; until: number },
): Promise<Found> {
  const seen = new Set<Term>()
  const hits: { hit: Hit; terms: number }[] = []
  const shown = new Set<string>()
  let since = performance.now()
  for await (const line of searchedLines(reader)) {
    const now = performance.now()
    if (now >= until) return { hits: ordered(hits), all: seen.size === terms.length, part: true }
    if (now - since > stepMs) {
      await breathe()
      since = now
    }
    const places = terms.map((term) => placesOf(term, line.text))
    const here = terms.filter((_, i) => (places[i]?.length ?? 0) > 0)
    const isNew = here.some((term) => !seen.has(term))
    for (const term of here) seen.add(term)
    // the line of a prompt and the command in it say the same
    const key = line.text.trim().replace(/\s+/g, ' ')
    if (here.length === 0 || shown.has(key) || (hits.length >= most && !isNew)) continue
    shown.add(key)
    hits.push({ hit: hitOf(line, places.flat()), terms: here.length })
    if (seen.size === terms.length && hits.length >= most) break
  }
  return { hits: ordered(hits), all: seen.size === terms.length, part: false }
}

const ordered = (hits: readonly { hit: Hit; terms: number }[]): Hit[] =>
  hits.toSorted((a, b) => b.terms - a.terms || a.hit.seconds - b.hit.seconds).map(({ hit }) => hit)

function hitOf({ text: given, ...line }: SearchedLine, places: readonly { from: number; to: number }[]): Hit {
  const whole = given.normalize('NFC')
  const sorted = places.toSorted((a, b) => a.from - b.from)
  const begin = whole.length <= shownOfLine ? 0 : Math.max(0, Math.min((sorted[0]?.from ?? 0) - 40, whole.length - shownOfLine))
  const text = whole.slice(begin, begin + shownOfLine)
  const marks: Hit['marks'] = []
  for (const { from, to } of sorted) {
    const mark = { from: Math.max(0, from - begin), to: Math.min(text.length, to - begin) }
    if (mark.from >= mark.to) continue
    const last = marks.at(-1)
    if (last && mark.from <= last.to) last.to = Math.max(last.to, mark.to)
    else marks.push(mark)
  }
  return { ...line, text: text.toWellFormed(), marks }
}
