import { parseDuration } from '../../kernel/duration.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type ParsedText, parseText } from './cedar.ts'
import type { PolicyError } from './errors.ts'
import { longestFinishSeconds, longestSeconds, type Obligations, type SessionTerms, usualTerms } from './obligations.ts'
import { type Consequence, consequences, isAct, longestAskSeconds, shortestAskSeconds, usualAskSeconds } from './session-act.ts'

/** One policy: `name` is what people call it, `text` is one Cedar statement with its annotations. */
export interface PolicyText {
  id: string
  name: string
  text: string
}
/** `actions`: those that it names; `looksAt`: every attribute that its conditions name. */
type Read = PolicyText & Pick<ParsedText, 'actions' | 'looksAt' | 'sizes'>
export type ReadPolicy =
  | (Read & { effect: 'permit'; obligations: Obligations })
  /** Of acts in sessions. `waitSeconds`: so long an act that somebody else is asked about is held. */
  | (Read & { effect: 'permit'; act: Consequence; waitSeconds: number })
  | (Read & { effect: 'forbid'; floor: string })

interface Annotation {
  wants: string
  good(value: string): boolean
}
const oneOf = (...values: string[]): Annotation => ({ wants: values.map((v) => `"${v}"`).join(' or '), good: (v) => values.includes(v) })

const ofPermits = {
  approvals: { wants: 'a number from 0 to 9', good: (v) => /^[0-9]$/.test(v) },
  max: { wants: 'a duration such as 45m, at most 8h', good: (v) => (parseDuration(v) ?? Infinity) <= longestSeconds },
  ticket: oneOf('required', 'none'),
  mfa: oneOf('fresh', 'session'),
  reveal: oneOf('never', 'allowed'),
} as const satisfies Record<string, Annotation>

const ofActs = { act: oneOf(...consequences) } as const satisfies Record<string, Annotation>
const ofAsking = {
  wait: {
    wants: 'a duration from 10s to 1h, such as 5m',
    good: (v) => (parseDuration(v) ?? 0) >= shortestAskSeconds && (parseDuration(v) ?? Infinity) <= longestAskSeconds,
  },
} as const satisfies Record<string, Annotation>

const longestIdleSeconds = 8 * 3600
const shortestIdleSeconds = 10
const finish = /^finish (\d{1,3}[sm])$/

/** Bytes, from one KiB to one MiB. */
function sizeOf(text: string | undefined): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,3})(KiB|MiB)$/.exec(text ?? '') ?? []
  const bytes = Number(count) * (unit === 'MiB' ? 1 << 20 : 1 << 10)
  return bytes <= 1 << 20 ? bytes : undefined
}

/** How sessions are carried. A permit that says nothing of it means what is usual, as those did that are older than these words. */
const ofSessions = {
  idle: {
    wants: 'a duration from 10s to 8h, such as 15m',
    good: (v) => (parseDuration(v) ?? 0) >= shortestIdleSeconds && (parseDuration(v) ?? Infinity) <= longestIdleSeconds,
  },
  session: { wants: 'a duration such as 4h, at most 8h', good: (v) => (parseDuration(v) ?? Infinity) <= longestSeconds },
  cut: {
    wants: '"cancel", or "finish 30s" with at most 5m',
    good: (v) => v === 'cancel' || (parseDuration(finish.exec(v)?.[1] ?? '') ?? Infinity) <= longestFinishSeconds,
  },
  supervised: oneOf('yes', 'no'),
  sessions: { wants: 'a number from 1 to 999', good: (v) => /^[1-9]\d{0,2}$/.test(v) },
  results: { wants: 'a size from 1KiB to 1MiB, such as 64KiB', good: (v) => sizeOf(v) !== undefined },
} as const satisfies Record<string, Annotation>

const ofForbids = {
  floor: { wants: 'a sentence for the person who is refused, at most 300 characters', good: (v) => /^\S.{9,298}[.!]$/.test(v) },
} as const satisfies Record<string, Annotation>

// Cedar's parser and validator recurse: some two hundred nested brackets, or three hundred operators in a row, exhaust the stack
// inside WebAssembly and leave it broken for every later decision. Counted over the raw text, comments included.
const longestText = 8000
const count = (text: string, what: RegExp) => text.match(what)?.length ?? 0
const withinBounds = (text: string) =>
  text.length <= longestText && count(text, /[([{]/g) <= 60 && count(text, /[-+*.!<>=&|]|\b(?:if|in|is|has|like)\b/g) <= 150

/** Reads one policy and refuses what Cedar would let pass: an annotation that is not there, not known, or says nothing. */
export function readPolicy({ id, name, text }: PolicyText): Result<ReadPolicy, PolicyError> {
  if (!withinBounds(text)) return fail({ code: 'policy.too_long', policy: name })
  const parsed = parseText(text)
  if (!parsed.ok) return fail({ code: 'policy.does_not_parse', policy: name, why: parsed.error })
  const { effect, annotations: said, actions = [], looksAt, sizes } = parsed.value
  const acts = actions.filter(isAct)
  const seen = { actions: parsed.value.actions, looksAt, sizes }
  if (effect === 'permit' && acts.length > 0 && acts.length < actions.length) return fail({ code: 'policy.mixed_actions', policy: name })
  const about = acts.length > 0 ? ofActs : ofPermits
  const required: Record<string, Annotation> = effect === 'permit' ? about : ofForbids
  const also = effect !== 'permit' ? {} : acts.length === 0 ? ofSessions : said.act === 'ask' ? ofAsking : {}
  const known: Record<string, Annotation> = { ...required, ...also }

  for (const annotation of Object.keys(said))
    if (!Object.hasOwn(known, annotation))
      return fail({ code: 'policy.annotation_unknown', policy: name, annotation, known: Object.keys(known) })
  for (const [annotation, { wants, good }] of Object.entries(known)) {
    const value = said[annotation]
    if (value === undefined && Object.hasOwn(required, annotation))
      return fail({ code: 'policy.annotation_missing', policy: name, annotation })
    if (value === undefined) continue
    if (!good(value)) return fail({ code: 'policy.annotation_bad', policy: name, annotation, value: value.slice(0, 100), wants })
  }

  if (effect === 'forbid') return ok({ effect, id, name, text, ...seen, floor: said.floor ?? '' })
  if (acts.length > 0) {
    const waitSeconds = parseDuration(said.wait ?? '') ?? usualAskSeconds
    return ok({ effect, id, name, text, ...seen, act: consequences.find((one) => one === said.act) ?? 'ask', waitSeconds })
  }
  const obligations: Obligations = {
    approvals: Number(said.approvals),
    maxSeconds: parseDuration(said.max ?? '') ?? 0,
    itsmTicket: said.ticket === 'required',
    mfa: said.mfa === 'fresh' ? 'fresh' : 'session',
    reveal: said.reveal === 'allowed' ? 'allowed' : 'never',
    session: termsOf(said),
    recorded: true,
  }
  return ok({ effect, id, name, text, ...seen, obligations })
}

function termsOf({ idle, session, cut, supervised, sessions, results }: Readonly<Record<string, string | undefined>>): SessionTerms {
  const resultBytes = sizeOf(results)
  return {
    idleSeconds: parseDuration(idle ?? '') ?? usualTerms.idleSeconds,
    longestSeconds: parseDuration(session ?? '') ?? usualTerms.longestSeconds,
    finishSeconds: parseDuration(finish.exec(cut ?? '')?.[1] ?? '') ?? usualTerms.finishSeconds,
    supervised: supervised === 'yes',
    ...(sessions !== undefined && { sessions: Number(sessions) }),
    ...(resultBytes !== undefined && { resultBytes }),
  }
}
