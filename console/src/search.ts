/** What an address may say after its `?`: bounded text, one of a few words, a whole number. Anything else is as if it was not there. */
export const text = (value: unknown, max: number): string | undefined => {
  // the router reads `?search=42` as a number
  const given = typeof value === 'number' ? String(value) : value
  return typeof given === 'string' && given.length > 0 && given.length <= max ? given : undefined
}
export const one = <T extends string>(value: unknown, ...of: T[]): T | undefined => of.find((v) => v === value)
export const whole = (value: unknown, min: number, max: number): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined

export const seconds = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 10_000_000 ? value : undefined

/** Only what is there: an address says nothing about what was not chosen. */
export const given = <T extends object>(search: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
