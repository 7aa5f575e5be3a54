import type pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal, Seats } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import type { Notary } from '../ledger/notary.ts'
import { refuse } from '../refuse.ts'
import { type OpenSession, openBeside } from './open-sessions.store.ts'

export interface SeatDeps {
  pool: pg.Pool
  notary: Pick<Notary, 'head'>
  seats: Seats
}

/** For whom, and on what, one more session is to be open. */
export interface Wanted {
  person: string
  account: FactContent
  target: FactContent
  /** What policy says: so many of one person with one account. */
  policy: number | undefined
  /** Its session, once it is attested: those that the ledger has before it were first. */
  session?: string
}

/**
 * Whether there is room for one more session. Who was first is said by the ledger, whose order is the same at every server: of those that are opened
 * in the same moment at several gateways exactly as many get in as there is room for. A row of which the ledger knows nothing takes nobody's place.
 */
export async function hasSeat({ pool, notary, seats }: SeatDeps, wanted: Wanted): Promise<Result<void, KeeperRefusal>> {
  const [account, target] = [String(wanted.account.id), String(wanted.target.id)]
  const mine: OpenSession = { id: wanted.session ?? '', person: wanted.person, account, target }
  const before = notary.head('session', mine.id)?.since ?? Number.POSITIVE_INFINITY
  const fewest = Math.min(seats.person, seats.account, seats.target, wanted.policy ?? seats.person)
  const earlier = (await openBeside(pool, mine, fewest)).filter(({ id }) => (notary.head('session', id)?.since ?? before) < before)
  const full = (most: number | undefined, same: (one: OpenSession) => boolean): boolean =>
    most !== undefined && earlier.filter(same).length >= most

  const name = `${wanted.account.name}@${wanted.target.name}`
  if (full(wanted.policy, (s) => s.person === mine.person && s.account === mine.account))
    return tooMany(
      'policy',
      wanted.policy,
      `Policy gives you ${sessions(wanted.policy)} with ${name} at once. End one first (claviger sessions list), and keep a pool no larger.`,
    )
  if (full(seats.person, (s) => s.person === mine.person))
    return tooMany(
      'person',
      seats.person,
      `You have ${sessions(seats.person)} open, and nobody has more at once. End one first (claviger sessions list), or ask an operator for more.`,
    )
  if (full(seats.account, (s) => s.account === mine.account))
    return tooMany(
      'account',
      seats.account,
      `${sessions(seats.account)} are open with ${name}, and no account has more at once. Try again when one has ended, or ask an operator for more.`,
    )
  if (full(seats.target, (s) => s.target === mine.target))
    return tooMany(
      'target',
      seats.target,
      `${sessions(seats.target)} are open on ${wanted.target.name}, and no target has more at once. Try again when one has ended, or ask an operator for more.`,
    )
  return ok(undefined)
}

const sessions = (count = 0): string => (count === 1 ? '1 session' : `${count} sessions`)
const tooMany = (of: string, most = 0, message: string) => refuse('session.too_many', message, { of, most })
