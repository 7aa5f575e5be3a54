/*
 * Terminology
 *
 * - class: sessions that are kept alike: from an anchor on for so many months
 * - anchor: the event from which a period counts. Until it happened, what waits for it has no date, and is kept
 * - term: what a class says from some moment on. Terms are added, never changed: a session is kept as the longest term says that was in force when it was
 *   opened or came later. So a class that is made longer keeps what there is longer, and one that is made shorter takes nothing back that was promised
 * - confirmed: a security officer said once that a class is right. What a class keeps that nobody confirmed is never destroyed
 */

export const anchors = ['session_ended', 'grant_closed', 'account_removed', 'relationship_ended'] as const
export type Anchor = (typeof anchors)[number]

/** What a session was opened on. Of the tiers of account and target the more critical one. */
export interface Place {
  target: string
  kind: string
  environment: string
  tier: number
}

/** Which places a class is for; null: any. */
export interface Applies {
  targets: readonly string[] | null
  tiers: readonly number[] | null
  environments: readonly string[] | null
  kinds: readonly string[] | null
}

export interface Term {
  /** From when on it was said. */
  from: string
  months: number
  /** Null: for nothing any more. */
  applies: Applies | null
}

export interface RetentionClass {
  id: string
  name: string
  anchor: Anchor
  terms: readonly Term[]
  confirmed: boolean
}

export interface Hold {
  id: string
  kind: 'session' | 'person' | 'account' | 'target'
  subject: string
}

export interface KeptSession {
  id: string
  person: string
  account: string
  openedAt: Date
  endedAt: Date
  grantClosedAt: Date
  /** As it is now, and as it was opened; the stricter counts. */
  places: readonly Place[]
}

/** When `account_removed` and `relationship_ended` happened, by what they are of; who is not in it was not removed. */
export type Closed = (anchor: Anchor, subject: string) => Date | undefined

export interface Kept {
  /** The class that keeps it longest; null where none is for it, and it is kept. */
  by: RetentionClass | null
  /** Null: without a date. */
  until: Date | null
  /** Why there is no date. */
  why: 'no_class' | 'not_confirmed' | 'anchor_open' | null
  holds: readonly string[]
}

const isFor = <T>(some: readonly T[] | null, one: T): boolean => some === null || some.includes(one)

export const appliesTo = (applies: Applies | null, place: Place): boolean =>
  applies !== null &&
  isFor(applies.targets, place.target) &&
  isFor(applies.tiers, place.tier) &&
  isFor(applies.environments, place.environment) &&
  isFor(applies.kinds, place.kind)

/** The terms that were in force when this was opened, and those that came later. */
export const termsSince = (terms: readonly Term[], openedAt: Date): readonly Term[] =>
  terms.filter((_, i) => {
    const next = terms[i + 1]
    return next === undefined || Date.parse(next.from) > openedAt.getTime()
  })

/** So many calendar months later; where that month has no such day, its last. */
export function monthsAfter(from: Date, months: number): Date {
  const then = new Date(from)
  then.setUTCDate(1)
  then.setUTCMonth(then.getUTCMonth() + months)
  const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate()
  then.setUTCDate(Math.min(from.getUTCDate(), last))
  return then
}

/** From when on this class counts for this session; undefined while that has not happened. Never before the session was over. */
function anchorOf({ anchor }: RetentionClass, s: KeptSession, closed: Closed): Date | undefined {
  if (anchor === 'session_ended') return s.endedAt
  if (anchor === 'grant_closed') return later(s.grantClosedAt, s.endedAt)
  const dates = anchor === 'account_removed' ? [closed(anchor, s.account)] : s.places.map((p) => closed(anchor, p.target))
  // of two targets, because an account moved, both relationships have to be over
  return dates.reduce<Date | undefined>((latest, at) => latest && at && later(latest, at), s.endedAt)
}
const later = (a: Date, b: Date): Date => (a > b ? a : b)

/** Until when a recording is kept, and what else keeps it. The longest class that is for it wins; a hold beats all; what is unsure is kept. */
export function retentionOf(s: KeptSession, classes: readonly RetentionClass[], holds: readonly Hold[], closed: Closed): Kept {
  const held = holds.filter((h) => covers(h, s)).map((h) => h.id)
  let best: Kept = { by: null, until: null, why: 'no_class', holds: held }
  for (const one of classes) {
    const months = termsSince(one.terms, s.openedAt)
      .filter(({ applies }) => s.places.some((place) => appliesTo(applies, place)))
      .map((term) => term.months)
    if (months.length === 0) continue
    const from = anchorOf(one, s, closed)
    const until = from && one.confirmed ? monthsAfter(from, Math.max(...months)) : null
    const why = !one.confirmed ? 'not_confirmed' : from ? null : 'anchor_open'
    const first = best.why === 'no_class'
    if (first || (best.until !== null && (until === null || until > best.until))) best = { by: one, until, why, holds: held }
  }
  return best
}

const covers = ({ kind, subject }: Hold, s: KeptSession): boolean =>
  (kind === 'session' && subject === s.id) ||
  (kind === 'person' && subject === s.person) ||
  (kind === 'account' && subject === s.account) ||
  (kind === 'target' && s.places.some((place) => place.target === subject))

/** Whether nothing keeps it any more. */
export const isDue = ({ until, holds }: Kept, now: Date): boolean => until !== null && until <= now && holds.length === 0

/** `rdn_4f9k2m7q1x` of `rec_4f9k2m7q1x`: the keeper knows by the recording's id whether the ledger says that it is destroyed. */
export const destructionOfRecording = (recording: string): string => `rdn_${recording.slice(4)}`

/** `rel_…` of a target, `rem_…` of an account. */
export const anchorId = (anchor: 'account_removed' | 'relationship_ended', subject: string): string =>
  `${anchor === 'account_removed' ? 'rem' : 'rel'}_${subject.slice(4)}`
