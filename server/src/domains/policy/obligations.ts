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
  /** Always. It is not a choice of a policy. */
  recorded: true
}

/** No grant is longer, whatever a policy says: the database refuses it as well. */
export const longestSeconds = 8 * 3600
/** Long enough to wait at the door for an approver, short enough that somebody is still sitting there. */
export const freshSeconds = 15 * 60

/** What satisfies every one of them. Asks for nothing when there are none, so the caller must not ask then. */
export function strictest(all: readonly Obligations[]): Obligations {
  return {
    approvals: Math.max(0, ...all.map((o) => o.approvals)),
    maxSeconds: Math.min(longestSeconds, ...all.map((o) => o.maxSeconds)),
    itsmTicket: all.some((o) => o.itsmTicket),
    mfa: all.some((o) => o.mfa === 'fresh') ? 'fresh' : 'session',
    reveal: all.every((o) => o.reveal === 'allowed') ? 'allowed' : 'never',
    recorded: true,
  }
}

/** Two people for tier 0 in code too: a policy set without the floor for it changes nothing. */
export const withTierFloor = (obligations: Obligations, tier: number): Obligations =>
  tier === 0 ? { ...obligations, approvals: Math.max(2, obligations.approvals) } : obligations
