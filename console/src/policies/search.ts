/** What the address of this page says after its `?`. */
export interface PoliciesSearch {
  show?: 'why' | 'who' | 'changes' | undefined
  person?: string | undefined
  account?: string | undefined
  action?: 'reveal' | undefined
}
