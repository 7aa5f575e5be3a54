export interface Line {
  sign: '+' | '-' | ' '
  text: string
  /** Its place, which is its key. */
  at: number
}

/** The lines of two texts in one list: what stays, what goes and what comes, by their longest common subsequence. Texts are 8,000 characters at most. */
export function linesOfChange(before: string | null, after: string | null): Line[] {
  const [was, is] = [linesOf(before), linesOf(after)]
  // length of the longest common subsequence of what follows from i and j on
  const common = Array.from({ length: was.length + 1 }, () => new Uint16Array(is.length + 1))
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0
  for (let i = was.length - 1; i >= 0; i--)
    for (let j = is.length - 1; j >= 0; j--) {
      const row = common[i]
      if (row) row[j] = was[i] === is[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const lines: Omit<Line, 'at'>[] = []
  let [i, j] = [0, 0]
  while (i < was.length || j < is.length) {
    if (i < was.length && j < is.length && was[i] === is[j]) {
      lines.push({ sign: ' ', text: was[i] ?? '' })
      i++
      j++
    } else if (i < was.length && (j === is.length || at(i + 1, j) >= at(i, j + 1))) lines.push({ sign: '-', text: was[i++] ?? '' })
    else lines.push({ sign: '+', text: is[j++] ?? '' })
  }
  return lines.map((line, place) => ({ ...line, at: place }))
}

const linesOf = (text: string | null): string[] => (text === null ? [] : text.trimEnd().split('\n'))
