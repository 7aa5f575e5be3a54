import type { PersonId } from '../../kernel/id.ts'

export type RequestState = 'waiting' | 'queued' | 'approved' | 'denied' | 'withdrawn' | 'expired' | 'void'

const allowedIn = {
  approve: ['waiting'],
  deny: ['waiting', 'queued'],
  // a waiting request is withdrawn, what became of it is ended: the audit trail tells the two apart
  withdraw: ['waiting', 'queued'],
  expire: ['waiting', 'queued'],
  void: ['waiting', 'queued', 'approved'],
} satisfies Record<string, RequestState[]>

export type RequestAction = keyof typeof allowedIn

/** The states in which an action is open, for "only waiting requests can be approved". */
export const statesFor = (action: RequestAction): readonly RequestState[] => allowedIn[action]
export const can = (action: RequestAction, state: string): boolean => (statesFor(action) as readonly string[]).includes(state)

/** How long a request waits for its approvers. */
export const waitSeconds = 24 * 3600
/** Without a duration of its own (a request that a door files in place). */
export const usualSeconds = 3600
/** A grant that begins so soon after the last one for the same account goes on with its chain, and with its eight hours. */
export const chainGapSeconds = 15 * 60
export const shortest = { lab: 20, otherwise: 60 } as const

const approverGroups = ['approvers', 'security']

/** Why this viewer cannot approve this request; undefined when they can try. The keeper asks again. */
export function approveBlocked(
  request: { requester: PersonId | string; state: string; votes: readonly string[] },
  viewer: { person: PersonId | string; groups: readonly string[] },
  doing: 'approve' | 'deny' = 'approve',
): 'access.own_request' | 'access.not_an_approver' | 'access.wrong_state' | 'access.voted_already' | undefined {
  if (request.requester === viewer.person) return 'access.own_request'
  if (!viewer.groups.some((g) => approverGroups.includes(g))) return 'access.not_an_approver'
  if (!can(doing, request.state)) return 'access.wrong_state'
  if (request.votes.includes(viewer.person)) return 'access.voted_already'
  return undefined
}

/** People who may look at requests that are not theirs. */
export const seesAll = (groups: readonly string[]): boolean =>
  groups.some((g) => ['approvers', 'security', 'auditors', 'administrators'].includes(g))

/** Whether this viewer may know that it exists. Whoever may not is told what everybody is told of a thing that is not there. */
export const sees = (owner: PersonId | string, viewer: { person: PersonId | string; groups: readonly string[] }): boolean =>
  owner === viewer.person || seesAll(viewer.groups)

/** Whether these yes votes are enough: as many as demanded, and one of each group that must be among them. */
export function enough(votes: readonly (readonly string[])[], needed: number, requiredGroups: readonly string[]): boolean {
  return votes.length >= needed && (needed < 2 || requiredGroups.every((g) => votes.some((groups) => groups.includes(g))))
}

/** Who may end a grant before its time: its holder, whoever approved it (undo is one act away), and security. */
export const mayEnd = (
  grant: { person: PersonId | string; approvers: readonly string[] },
  viewer: { person: PersonId | string; groups: readonly string[] },
): boolean => grant.person === viewer.person || grant.approvers.includes(viewer.person) || viewer.groups.includes('security')
