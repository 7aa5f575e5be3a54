/** Something that should be there and is not, or should be over and is not, or is left behind. */
export interface Loss {
  kind: 'credential' | 'grant' | 'session' | 'recording' | 'intent' | 'check-in' | 'ledger' | 'leftover'
  what: string
  why: string
}
