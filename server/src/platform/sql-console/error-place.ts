/** What MySQL and MariaDB say of a syntax error: the rest of the text from where it is, cut at 80 characters. */
const near = / near '([\s\S]+)' at line \d+$/

/**
 * Where in the text an error is, as a character from 1: MySQL says no place, only how the text goes on from there. Null where that does not say it
 * beyond doubt.
 */
export function placeOf(message: string, sql: string): number | null {
  const rest = near.exec(message)?.[1]
  const at = rest === undefined ? -1 : sql.indexOf(rest)
  if (rest === undefined || at < 0 || sql.indexOf(rest, at + 1) >= 0) return null
  return [...sql.slice(0, at)].length + 1
}
