/** What the address of this page says after its `?`. */
export interface SessionsSearch {
  state?: 'running' | 'ended' | undefined
  search?: string | undefined
}
