/*
 * Terminology
 *
 * - rule: something that people of production want to hear of at once, found in what passes through a session
 * - seen: a rule *sees*; it stops nothing. Whoever wants to hide an act from a rule can (`base64 -d | sh`): what bounds people is what their account may do
 * - opaque: what is done from here on is not seen through: another program, host or language carries it
 */

/** Of the pack that is on from the start. docs/session-rules.md says what each sees. */
export const ruleNames = [
  'recursive_delete',
  'drop',
  'truncate',
  'delete_all',
  'update_all',
  'dump',
  'copy_out',
  'many_rows',
  'secrets_taken',
  'history_wiped',
  'audit_stopped',
  'privilege_escalation',
  'opaque',
] as const

export type RuleName = (typeof ruleNames)[number]

/** What a text is looked at with: text that is not its own language's (a broken quote) is looked at all the same. */
export type Look<T> = (at: T) => ReadonlySet<RuleName>
