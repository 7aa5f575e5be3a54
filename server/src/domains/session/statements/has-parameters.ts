import { scanSync } from 'libpg-query'

/** Whether a text of PostgreSQL's has places for values that come apart from it. Needs the parser to be loaded. */
export function hasParameters(sql: string): boolean {
  try {
    return scanSync(sql).tokens.some(({ tokenName }) => tokenName === 'PARAM')
  } catch {
    return true
  }
}
