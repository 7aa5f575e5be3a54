/** What the address of this page says after its `?`. */
export interface TargetsSearch {
  search?: string | undefined
  tier?: number | undefined
  environment?: 'production' | 'staging' | 'development' | 'lab' | undefined
  /** The last row of the page before, and how many rows stand before this page. */
  after?: string | undefined
  before?: number | undefined
}
