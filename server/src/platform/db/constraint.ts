/** Name of the constraint that a statement broke: the database's own word for the rule. Undefined for any other error. */
export function constraintOf(error: unknown): string | undefined {
  const constraint = (error as { constraint?: unknown } | null)?.constraint
  return typeof constraint === 'string' ? constraint : undefined
}

/**
 * Whether a statement about many rows may have failed because of one of them, and certainly did nothing: a value or a rule that it broke (classes 22 and
 * 23 of SQLSTATE), or somebody who locked two of them in another order (40P01). Each may then be tried alone.
 */
export function isAboutOneRow(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^(22|23)[0-9A-Z]{3}$|^40P01$/.test(code)
}
