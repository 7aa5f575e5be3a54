/** Something that the tour promised and did not see. Its message is the step's `evidence.error`. */
export class NotAsPromised extends Error {}

/** One row of a table of evidence. */
export type Row = Record<string, string | number | null>

/** What one step saw. The same object is printed as JSON and drawn for people: lists of rows are tables, `proven` are sentences. */
export class Proof {
  readonly evidence: Record<string, unknown> & { proven: string[] } = { proven: [] }

  /** Keeps something that was seen. */
  show(name: string, value: string | number | boolean | null | readonly Row[] | readonly string[]): void {
    this.evidence[name] = value
  }

  /** Keeps the sentence when it holds; ends the step when it does not. `seen` says what was there instead. */
  prove(sentence: string, holds: boolean, seen?: unknown): void {
    if (!holds) throw new NotAsPromised(`not so: ${sentence}${seen === undefined ? '' : `; seen: ${shorten(seen)}`}`)
    this.evidence.proven.push(sentence)
  }
}

const shorten = (seen: unknown): string => {
  const text = typeof seen === 'string' ? seen : (JSON.stringify(seen) ?? String(seen))
  return text.length > 600 ? `${text.slice(0, 600)}…` : text
}
