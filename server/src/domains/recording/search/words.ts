/*
 * Terminology
 *
 * - word: a run of letters and digits, or a part of one that begins with a capital (`customerOrders`): what is hashed. Writing without spaces
 *   (Chinese, Japanese, Thai) is cut into pairs of characters
 * - folded: as it is compared: without case, and without what only looks different (NFKC)
 * - term: what somebody looks for: words with what stands between them, as `nginx.conf`. All words of it are looked up, then it is looked for as it is
 */

export const shortestWord = 2
/** A longer one counts by its beginning. */
export const longestWord = 64

const unspacedScripts = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const run = /[\p{L}\p{N}\p{M}]+/gu
const oneOfRun = /^[\p{L}\p{N}\p{M}]$/u
const unspaced = new RegExp(`[${unspacedScripts}]`, 'u')
const stretches = new RegExp(`[${unspacedScripts}]+|[^${unspacedScripts}]+`, 'gu')
const humps = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u
const ascii = /^[\x00-\x7f]*$/

const foldOne = (character: string): string => character.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')

/** Character by character, so that a place in what comes out is one in what went in. */
function foldRun(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  let folded = ''
  for (const character of text) folded += foldOne(character)
  return folded
}

/** The words of a text, into `into`, until it has `most`. False when there was no room for one. */
export function addWords(text: string, into: Set<string>, most = Number.POSITIVE_INFINITY): boolean {
  for (const [whole] of text.normalize('NFC').matchAll(run))
    for (const word of wordsOfRun(whole, true)) {
      if (into.has(word)) continue
      if (into.size >= most) return false
      into.add(word)
    }
  return true
}

/** Those by which a term is looked up: whole runs, since who looks for it may write it without capitals. */
export function wordsOfTerm(term: string): string[] {
  const words = [...term.normalize('NFC').matchAll(run)].flatMap(([whole]) => [...wordsOfRun(whole, false)])
  return [...new Set(words)]
}

function* wordsOfRun(whole: string, withHumps: boolean): Generator<string> {
  const parts = ascii.test(whole) || !unspaced.test(whole) ? [whole] : (whole.match(stretches) ?? [])
  for (const part of parts) {
    if (unspaced.test(part)) {
      const characters = [...foldRun(part)]
      for (let i = 0; i + 1 < characters.length; i++) yield `${characters[i]}${characters[i + 1]}`
    } else {
      yield* longEnough(foldRun(part))
      const capitals = withHumps ? part.split(humps) : []
      if (capitals.length > 1) for (const hump of capitals) yield* longEnough(foldRun(hump))
    }
  }
}

function* longEnough(word: string): Generator<string> {
  if (word.length >= shortestWord) yield word.slice(0, longestWord).toWellFormed()
}

/** A text with its folded form: `from` has for each place in `folded` the place in `text` at which its character begins, and the end. */
interface Folded {
  text: string
  folded: string
  from: readonly number[]
}

function fold(given: string): Folded {
  const text = given.normalize('NFC')
  let folded = ''
  const from: number[] = []
  let at = 0
  for (const character of text) {
    const one = foldOne(character)
    for (let i = 0; i < one.length; i++) from.push(at)
    folded += one
    at += character.length
  }
  return { text, folded, from: [...from, at] }
}

export interface Term {
  folded: string
  words: readonly string[]
  /** Whether a word begins, or ends, where the term does: then one does in what is found, too. */
  begins: boolean
  ends: boolean
}

const bound = (character: string | undefined): boolean => character !== undefined && oneOfRun.test(character) && !unspaced.test(character)

export function termOf(text: string): Term {
  const characters = [...text.normalize('NFC')]
  return { folded: foldRun(text.normalize('NFC')), words: wordsOfTerm(text), begins: bound(characters[0]), ends: bound(characters.at(-1)) }
}

/** Places of a term in a text, in order; at most `most`. */
export function placesOf(term: Term, given: string, most = 20): { from: number; to: number }[] {
  if (term.folded === '' || (ascii.test(given) && !given.toLowerCase().includes(term.folded))) return []
  const line = fold(given)
  const places: { from: number; to: number }[] = []
  for (let at = line.folded.indexOf(term.folded); at >= 0 && places.length < most; at = line.folded.indexOf(term.folded, at + 1)) {
    const end = at + term.folded.length
    const [from = 0, to = 0] = [line.from[at], line.from[end]]
    // in the middle of a character that folds to several
    if (line.from[at - 1] === from || line.from[end - 1] === to) continue
    if ((!term.begins || isEdge(line.text, from)) && (!term.ends || isEdge(line.text, to))) places.push({ from, to })
  }
  return places
}

/** Whether a word may begin or end here. */
function isEdge(text: string, at: number): boolean {
  const [before, after] = [lastOf(text.slice(Math.max(0, at - 2), at)), firstOf(text.slice(at, at + 2))]
  if (!bound(before) || !bound(after)) return true
  return humps.test(`${before}${after}`)
}

const firstOf = (text: string): string | undefined => [...text][0]
const lastOf = (text: string): string | undefined => [...text].at(-1)
