import { readFileSync } from 'node:fs'
import wordListPath from 'word-list'

/** Words of fewer letters are in most strings of random letters by chance. */
const shortest = 4

interface WordList {
  /** Lower case, one a line. */
  bytes: Buffer
  /** Where each word begins and ends, in the order of the words' bytes. */
  starts: Uint32Array
  ends: Uint32Array
}

/** Kept as it lies on the disk: 5 MB, where a set of strings would be many times that. Read at once: later the keeper may have no right to read its modules. */
const list = readWords()

function readWords(): WordList {
  const bytes = readFileSync(wordListPath)
  const words: [start: number, end: number][] = []
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start)
    const end = found === -1 ? bytes.length : found
    if (end > start) words.push([start, end])
    start = end + 1
  }
  // the file is nearly in order, but not everywhere
  words.sort((a, b) => bytes.compare(bytes, b[0], b[1], a[0], a[1]))
  return { bytes, starts: Uint32Array.from(words, (w) => w[0]), ends: Uint32Array.from(words, (w) => w[1]) }
}

/**
 * The longest word of the list that begins `text` at `from`, as a length; 0 when none of four letters or more does. Letters are compared whatever
 * their case.
 */
export function wordAt(text: Uint8Array, from: number): number {
  let longest = 0
  for (let length = shortest; from + length <= text.length && isLetter(text[from + length - 1] as number); length++) {
    if (length === shortest && !lettersOnly(text, from, length)) return 0
    const found = find(text, from, length)
    if (found === 'word') longest = length
    if (found === 'nothing') break
  }
  return longest
}

/** Whether there is a word in it, or one of these names, of three letters or more, that belong to what it is for. */
export function hasWord(text: Uint8Array, names: readonly string[] = []): boolean {
  for (let from = 0; from + shortest <= text.length; from++) if (wordAt(text, from) > 0) return true
  return names.some((name) => name.length >= 3 && holds(text, Buffer.from(name.toLowerCase())))
}

const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122
const lower = (byte: number): number => (isLetter(byte) ? byte | 32 : byte)
function lettersOnly(text: Uint8Array, from: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (!isLetter(text[from + i] as number)) return false
  return true
}

function holds(text: Uint8Array, name: Uint8Array): boolean {
  for (let from = 0; from + name.length <= text.length; from++)
    if (name.every((byte, i) => lower(text[from + i] as number) === byte)) return true
  return false
}

/** Looks for it by halves: whether it is a word, the beginning of one, or nothing. */
function find(text: Uint8Array, from: number, length: number): 'word' | 'beginning' | 'nothing' {
  const last = list.starts.length
  let [low, high] = [0, last]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(middle, text, from, length) < 0) low = middle + 1
    else high = middle
  }
  if (low === last || compare(low, text, from, length) > 0) return 'nothing'
  return lengthOf(low) === length ? 'word' : 'beginning'
}

const lengthOf = (line: number): number => (list.ends[line] as number) - (list.starts[line] as number)

/** -1 when the line comes before the text, 0 when it begins with it, 1 when it comes behind. */
function compare(line: number, text: Uint8Array, from: number, length: number): number {
  const start = list.starts[line] as number
  const size = lengthOf(line)
  for (let i = 0; i < length; i++) {
    if (i >= size) return -1
    const difference = (list.bytes[start + i] as number) - lower(text[from + i] as number)
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return 0
}
