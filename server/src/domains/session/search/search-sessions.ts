import type { AnswerOf, sessionSearch as api } from '@claviger/api'
import type { z } from 'zod'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { SignedIn } from '../../../platform/http/handler.ts'
import { maskCards, type Term, wordsMissing } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { searched } from '../events.ts'
import { showSessions } from '../session.view.ts'
import type { ViewDeps } from '../view-recording.ts'
import { tokensIn } from './index-recording.ts'
import { type Looked, lookThrough } from './look-through.ts'
import { type Candidate, type SearchFilter, sessionsLike, sessionsWith, tookTooLong } from './search.view.ts'
import { termsIn } from './words-of.ts'

export type SearchAsked = z.output<NonNullable<typeof api.searchSessions.body>>
type Answer = AnswerOf<typeof api.searchSessions>

/** All of it, in milliseconds. What was not looked through by then is said to be so. */
const longest = 8_000
/** Pages of candidates that are read for one page of answers, where many hold the words without what stands between them. */
const mostRounds = 3

/** Finds sessions by what stands in their recordings and in their rows. Who searched for what is in the ledger before anything is looked up. */
export async function searchSessions(deps: ViewDeps, who: SignedIn, asked: SearchAsked): Promise<Result<Answer, SessionError>> {
  const { words, after, limit, ...filter } = asked
  const terms = words === undefined ? ok([]) : termsIn(words)
  if (!terms.ok) return terms
  // who looks whether a card number stands somewhere must not write it down by that
  const intent = await deps.audit.note(
    searched({ words: words === undefined ? null : maskCards(words), filter: JSON.stringify(filter) }),
    who.person,
  )
  const missing = await wordsMissing(deps.db)
  try {
    if (terms.value.length === 0) {
      const found = await sessionsLike(deps.db, filter, after, limit)
      const sessions = await shown(deps, who, found, () => ({ hits: [], looked: 'not_read' }))
      return ok({ sessions, next: found.length === limit ? (found.at(-1)?.place ?? null) : null, ...missing })
    }
    const tokens = await tokensOf(deps, who, intent, terms.value, filter)
    return tokens.ok ? ok({ ...(await pageOf(deps, who, terms.value, tokens.value, { filter, after, limit })), ...missing }) : tokens
  } catch (error) {
    if (tookTooLong(error)) return fail({ code: 'session.search_too_wide' })
    throw error
  }
}

/** For each month, newest first, the hash of each word. */
async function tokensOf(
  { keeper }: ViewDeps,
  who: SignedIn,
  intent: string,
  terms: readonly Term[],
  { since, until }: SearchFilter,
): Promise<Result<bigint[][], SessionError>> {
  const words = [...new Set(terms.flatMap((term) => term.words))]
  const hashed = await keeper.ask('hashSearch', {
    ...{ presence: who.presence, intent, words },
    ...{ since: monthOf(since, -dayMs) ?? '0000-01', until: monthOf(until, dayMs) ?? '9999-12' },
  })
  if (!hashed.ok) return hashed
  const all = (await hashed.value.payload?.use('recognise', tokensIn)) ?? []
  return ok(hashed.value.months.map((_, i) => all.slice(i * words.length, (i + 1) * words.length)))
}

const dayMs = 24 * 3600_000
/** A little further than asked: a recording begins before its session. */
const monthOf = (time: string | undefined, shift: number): string | undefined =>
  time && new Date(Math.min(Math.max(Date.parse(time) + shift, 0), Date.UTC(9999, 11))).toISOString().slice(0, 7)

async function pageOf(
  deps: ViewDeps,
  who: SignedIn,
  terms: readonly Term[],
  tokens: readonly bigint[][],
  { filter, after, limit }: { filter: SearchFilter; after: string | undefined; limit: number },
): Promise<Pick<Answer, 'sessions' | 'next'>> {
  const until = performance.now() + longest
  const sessions: Answer['sessions'] = []
  let next: string | null = after ?? null
  for (let round = 0; round < mostRounds && sessions.length < limit && performance.now() < until; round++) {
    const room = limit - sessions.length
    const found = await sessionsWith(deps.db, tokens, filter, next ?? undefined, room)
    const read = found.flatMap((one) => (one.recording === null ? [] : [{ ...one, recording: one.recording }]))
    const looked = await lookThrough(deps, who, read, terms, until)
    sessions.push(...(await shown(deps, who, read, ({ recording }) => looked.get(recording ?? ''))))
    next = found.length === room ? (found.at(-1)?.place ?? null) : null
    if (next === null) break
  }
  return { sessions, next }
}

/** As the viewer may see them: what an index says is no right. */
async function shown(
  { db }: ViewDeps,
  who: SignedIn,
  candidates: readonly Candidate[],
  lookedAt: (candidate: Candidate) => Looked | undefined,
): Promise<Answer['sessions']> {
  if (candidates.length === 0) return []
  const rows = await showSessions(db, who, { ids: candidates.map((one) => one.session), limit: candidates.length })
  return candidates.flatMap((candidate) => {
    const session = rows.find((row) => row.id === candidate.session)
    const looked = lookedAt(candidate)
    return session && looked ? [{ session, ...looked }] : []
  })
}
