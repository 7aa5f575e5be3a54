import { audit, call } from '@claviger/api'
import { must, type Person } from '../support/person.ts'

/** Entries behind a place, oldest first. */
export async function entriesSince(reader: Person, place: number): Promise<audit.Entry[]> {
  const found: audit.Entry[] = []
  for (let after: string | undefined; ; ) {
    const { entries } = must(await call(reader.api, audit.ledger, { query: { limit: 200, ...(after && { after }) } }))
    found.push(...entries.filter((e) => (e.place ?? 0) > place))
    const last = entries.at(-1)
    if (!last || (last.place ?? 0) <= place) return found.reverse()
    after = String(last.place)
  }
}

export const newestPlace = async (reader: Person): Promise<number> =>
  must(await call(reader.api, audit.ledger, { query: { limit: 1 } })).entries[0]?.place ?? 0

/** Written by a clock or behind people's backs; not by what somebody did. */
const noActs = /^(recording\.(head|indexing|stored)|rotation\..*)$/
/** How a client of a path comes by its password; whoever comes with a certificate has none. */
const waysIn = new Set(['session.ticket_issued'])

/** What is another one each time: times, addresses, ids of their own, hashes over those. */
const personal = new Set([
  'from',
  'header',
  'manifest',
  'signature',
  'until',
  'expiresAt',
  'endsAt',
  'seconds',
  'version',
  'application',
  'head',
  'chunks',
  'digest',
])
/** What a field says of the person's client, and by which factor they came. */
const ofTheClient = new Set(['factor', 'detail'])

/**
 * An entry without what is another one each time. Ids become the word of what they are of. `way` becomes a word where it is the way that the
 * path goes, and stays where it is not.
 */
export function bare(entry: audit.Entry, names: (id: string) => string, way: 'native' | 'web'): string {
  const fields = Object.entries({ ...entry.fields, ...entry.personal })
    .filter(([name]) => !personal.has(name) && !ofTheClient.has(name))
    .map(([name, value]) => [name, amounts.has(name) ? (Number(value) > 0 ? 'some' : 'none') : value] as const)
    .map(([name, value]) => `${name}=${name === 'way' && value === way ? 'of the path' : words(value, names)}`)
    .sort()
  const by = entry.by === null ? 'nobody' : names(entry.by)
  return `${entry.act} (${entry.phase}) by ${by}${fields.length > 0 ? `: ${fields.join(' ')}` : ''}`
}

/** How much passed depends on the client's greetings. */
const amounts = new Set(['sent', 'received'])

const words = (value: unknown, names: (id: string) => string): string =>
  (typeof value === 'string' ? value : JSON.stringify(value ?? null)).replaceAll(/\b[a-z]{3}_[a-z0-9]{10}\b/g, names)

export const counts = ({ act }: audit.Entry): boolean => !noActs.test(act) && !waysIn.has(act)
