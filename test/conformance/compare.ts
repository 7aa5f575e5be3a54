import type { Row } from './row.ts'
import type { Seen } from './run-lane.ts'

export interface Verdict {
  seen: Seen
  /** The cell that it is held against; itself where it is the first of its row. */
  reference: Seen
  differences: string[]
}

/** The password that statements set: nothing that is kept may have it. */
const secret = 'very secret indeed'

/** Each cell against the first of its row. */
export function compare(all: readonly Seen[]): Verdict[] {
  const first = new Map<Row, Seen>()
  return all.map((seen) => {
    const reference = first.get(seen.row) ?? seen
    first.set(seen.row, reference)
    const failed = seen.error === undefined ? [] : [`it could not be done: ${seen.error}`]
    // what leaves nothing behind says nothing
    const nothing = seen.ledger.length === 0 ? ['no entry in the ledger'] : []
    const left = [...seen.ledger, ...seen.recording]
    const missing = seen.row.leaves.filter((line) => !left.some((one) => line.test(one))).map((line) => `nothing like ${line}`)
    const told = left.filter((line) => line.includes(secret)).map((line) => `what is secret stands in it: ${line}`)
    const differs = [...lines('ledger', reference.ledger, seen.ledger), ...lines('recording', reference.recording, seen.recording)]
    return { seen, reference, differences: [...failed, ...nothing, ...missing, ...told, ...differs] }
  })
}

/** Lines that only one of both has, as often as it has them. */
function lines(what: string, expected: readonly string[], got: readonly string[]): string[] {
  const left = [...got]
  const missing = expected.filter((line) => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return [...missing.map((line) => `- ${what}: ${line}`), ...left.map((line) => `+ ${what}: ${line}`)]
}

/** For people, where a cell differs. */
export const explain = ({ seen, reference, differences }: Verdict): string =>
  [`${seen.row.wire}, ${seen.row.act}: ${seen.path} against ${reference.path}`, ...differences.map((line) => `  ${line}`)].join('\n')
