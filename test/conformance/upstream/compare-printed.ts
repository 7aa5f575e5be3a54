import type { Printed } from './postgres-suite.ts'

/** Where one test parts: the first line that is another one on each side, and its number in what psql printed straight. */
export interface Difference {
  test: string
  line: number
  direct: string
  through: string
}

/** What the gateway says of its own when a session begins; nothing else may be in the one and not in the other. */
const ofTheGateway = /^NOTICE: {2}This session is recorded\b/

/** Where what psql printed through the gateway is not what it printed straight. */
export function differencesOf(direct: Printed, through: Printed): Difference[] {
  return [...direct].flatMap(([test, text]) => {
    const mine = (through.get(test) ?? '').split('\n').filter((line) => !ofTheGateway.test(line))
    const theirs = text.split('\n')
    const line = theirs.findIndex((one, at) => one !== mine[at])
    const at = line >= 0 ? line : mine.length === theirs.length ? -1 : theirs.length
    return at < 0 ? [] : [{ test, line: at + 1, direct: theirs[at] ?? '', through: mine[at] ?? '' }]
  })
}
