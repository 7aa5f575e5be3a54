/*
 * Acts in a session: what somebody does who is in already. A grant to connect lets them do all of it but `forward` and, in a session of statements,
 * `transfer`: these need a permit. A floor that names the act refuses it.
 */

/** One act, as its door understood it. */
export type SessionAct =
  /** A command without a terminal. `program`: its first word; `plain`: one command, of words alone, that a shell would not take apart any further. */
  | { action: 'run'; command: string; program: string; plain: boolean }
  /** `path` whole, as the client named it, without `..`. `direction`: of contents, from the target (`down`) or to it. `bytes`: how many that makes. */
  | { action: 'transfer'; op: string; direction: 'down' | 'up' | 'none'; path: string; bytes: number }
  /** `verbs` in lower case: `select`, `drop table`. `understood`: false where they may be others. */
  | { action: 'query'; verbs: string[]; tables: string[]; database: string; understood: boolean }
  /** A connection that the target opens for the person (`local`), or the person's machine for the target (`remote`). */
  | { action: 'forward'; direction: 'local' | 'remote'; host: string; port: number }

export type ActName = SessionAct['action']

/** In Cedar's words, for the schema. */
export const actAttributes: Readonly<Record<ActName, string>> = {
  run: 'command: String, program: String, plain: Bool',
  transfer: 'op: String, direction: String, path: String, bytes: Long',
  query: 'verbs: Set<String>, tables: Set<String>, database: String, understood: Bool',
  forward: 'direction: String, host: String, port: Long',
}

export const attributesOf = (action: ActName): string[] => actAttributes[action].split(', ').map((one) => one.split(':')[0] ?? '')

export const isAct = (action: string): action is ActName => Object.hasOwn(actAttributes, action)

/** What becomes of an act: it passes, it passes and officers are alarmed, or somebody else must say yes first. */
export const consequences = ['allow', 'alert', 'ask'] as const
export type Consequence = (typeof consequences)[number]

export const strictestOf = (all: readonly Consequence[]): Consequence =>
  consequences[Math.max(0, ...all.map((one) => consequences.indexOf(one)))] ?? 'ask'

/** So long an act is held while somebody else is asked, in seconds: where a policy says nothing of it, and what it may say. */
export const usualAskSeconds = 300
export const shortestAskSeconds = 10
export const longestAskSeconds = 3600

/** Whether an act needs a permit of its own. `statements`: it is done in a session of statements, where a file is one of the person's machine that the target asks for. */
export const needsPermit = (action: ActName, statements: boolean): boolean => action === 'forward' || (action === 'transfer' && statements)
