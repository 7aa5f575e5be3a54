/** What a permit asks for before it counts. The shape that a request keeps as `obligations`. */
export interface Obligations {
  /** Distinct people, none of them the requester, who must say yes. */
  approvals: number
  /** Longest window, at most 8 h. */
  maxSeconds: number
  itsmTicket: boolean
  /** `fresh`: the second factor was given at most `freshSeconds` ago. `session`: within this sign-in. */
  mfa: 'session' | 'fresh'
  reveal: 'never' | 'allowed'
  /** How sessions under it are carried. */
  session: SessionTerms
  /** Always. It is not a choice of a policy. */
  recorded: true
}

/** What bounds a session while it runs. */
export type SessionTerms = {
  /** Ends after so long without anything passing. */
  idleSeconds: number
  /** From its opening, or from its last renewal; its grant may end sooner. */
  longestSeconds: number
  /** So long a statement that runs may go on when the time is up; 0: it is cancelled. */
  finishSeconds: number
  /** Nothing passes unless somebody else watches. */
  supervised: boolean
  /** So many sessions one person has at once with one account; not there: what is configured alone. */
  sessions?: number
  /** Of what a statement gives back so many bytes are kept in the recording; not there: nothing. */
  resultBytes?: number
}

/** No grant is longer, whatever a policy says: the database refuses it as well. */
export const longestSeconds = 8 * 3600
/** Long enough to wait at the door for an approver, short enough that somebody is still sitting there. */
export const freshSeconds = 15 * 60
/** Nothing goes on longer than this behind the end of its time. */
export const longestFinishSeconds = 5 * 60
/** Where no policy says how. */
export const usualTerms: SessionTerms = { idleSeconds: 15 * 60, longestSeconds, finishSeconds: 0, supervised: false }

/** What satisfies every one of them. Asks for nothing when there are none, so the caller must not ask then. */
export function strictest(all: readonly Obligations[]): Obligations {
  return {
    approvals: Math.max(0, ...all.map((o) => o.approvals)),
    maxSeconds: Math.min(longestSeconds, ...all.map((o) => o.maxSeconds)),
    itsmTicket: all.some((o) => o.itsmTicket),
    mfa: all.some((o) => o.mfa === 'fresh') ? 'fresh' : 'session',
    reveal: all.every((o) => o.reveal === 'allowed') ? 'allowed' : 'never',
    session: strictestTerms(all.map((o) => o.session)),
    recorded: true,
  }
}

const strictestTerms = ([first = usualTerms, ...more]: readonly SessionTerms[]): SessionTerms =>
  more.reduce(
    (a, b) => ({
      idleSeconds: Math.min(a.idleSeconds, b.idleSeconds),
      longestSeconds: Math.min(a.longestSeconds, b.longestSeconds),
      finishSeconds: Math.min(a.finishSeconds, b.finishSeconds),
      supervised: a.supervised || b.supervised,
      ...fewest(a.sessions, b.sessions),
      // where one of them keeps nothing, nothing is kept
      ...(a.resultBytes && b.resultBytes && { resultBytes: Math.min(a.resultBytes, b.resultBytes) }),
    }),
    first,
  )

const fewest = (...said: readonly (number | undefined)[]): Pick<SessionTerms, 'sessions'> => {
  const counts = said.filter((count) => count !== undefined)
  return counts.length === 0 ? {} : { sessions: Math.min(...counts) }
}

/** Two people for tier 0 in code too: a policy set without the floor for it changes nothing. */
export const withTierFloor = (obligations: Obligations, tier: number): Obligations =>
  tier === 0 ? { ...obligations, approvals: Math.max(2, obligations.approvals) } : obligations
