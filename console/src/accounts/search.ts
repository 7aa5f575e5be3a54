import type { inventory } from '@claviger/api'

/** What the address of this page says after its `?`. */
export interface AccountsSearch {
  search?: string | undefined
  category?: inventory.Account['category'] | undefined
  tier?: number | undefined
  state?: inventory.Account['state'] | undefined
  target?: string | undefined
  /** The last row of the page before, and how many rows stand before this page. */
  after?: string | undefined
  before?: number | undefined
}
