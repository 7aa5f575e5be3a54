const idOf = /^[a-z]{3}_[a-z0-9]{10}$/
const most = 120
const longest = 64

/** The words of a text, in lower case: ids whole, anything else cut at what is neither letter nor digit. */
export function wordsIn(text: string): string[] {
  const words = text
    .slice(0, 4000)
    .toLowerCase()
    .split(/\s+/)
    .flatMap((part) => (idOf.test(part) ? [part] : part.split(/[^\p{L}\p{N}_]+/u)))
  return words.filter((word) => word.length > 0 && word.length <= longest)
}

const kept = new Map<string, readonly string[]>()
const mostKept = 2_000

/** Acts, kinds and names come again and again: cut once. */
function wordsOfText(text: string): readonly string[] {
  if (idOf.test(text)) return [text]
  const known = kept.get(text)
  if (known) return known
  const words = wordsIn(text).filter((word) => !/^[0-9a-f]{40,}$/.test(word))
  if (text.length <= longest) {
    if (kept.size >= mostKept) kept.clear()
    kept.set(text, words)
  }
  return words
}

/** What an entry is found by: the words of everything shown in it, at most 120. Digests and their like are left out: nobody types them. */
export function wordsOf(values: readonly unknown[]): string[] {
  const words = new Set<string>()
  const take = (value: unknown): void => {
    if (words.size >= most) return
    if (typeof value === 'string') for (const word of wordsOfText(value)) if (words.size < most) words.add(word)
    if (typeof value === 'number' || typeof value === 'boolean') words.add(String(value))
    if (Array.isArray(value)) value.forEach(take)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(take)
  }
  values.forEach(take)
  return [...words]
}
