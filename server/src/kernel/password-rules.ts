/** The four sorts of character that policies count. */
export type CharacterClass = 'lower' | 'upper' | 'digit' | 'symbol'

/**
 * What passwords of a kind of target can be at most. The keeper makes them so, and never below its floor (keeper/passwords/rule.ts). All are
 * made of printable ASCII. What one target demands beyond it, it says with `target.password_refused`.
 */
export interface PasswordRules {
  /** Characters; no lower bound when left out. */
  readonly minLength?: number
  /** Characters. Where a system cuts or refuses more, this is where. */
  readonly maxLength: number
  /** Characters that the system or its usual clients cannot take, in one text: `'"\\`. */
  readonly excluded?: string
  /** A password has characters of at least so many of these classes. */
  readonly classes?: { readonly atLeast: number; readonly of: readonly CharacterClass[] }
}
