/** Something that should be there and is not, or should be over and is not. */
export interface Loss {
  kind: 'credential' | 'grant' | 'session' | 'recording' | 'intent' | 'check-in' | 'ledger'
  what: string
  why: string
}
