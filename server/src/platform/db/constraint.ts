/** Name of the constraint that a statement broke: the database's own word for the rule. Undefined for any other error. */
export function constraintOf(error: unknown): string | undefined {
  const constraint = (error as { constraint?: unknown } | null)?.constraint
  return typeof constraint === 'string' ? constraint : undefined
}
