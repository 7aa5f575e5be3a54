import type { SealKindName } from '../../seal/installation.ts'

export type CeremonyPhase = 'gathering' | 'ready' | 'verifying'

/** A ceremony as every door shows it, without saying who takes part. */
export interface ShownCeremony {
  goal: 'replace' | 'rotate'
  /** The kind of seal that will count; that of now where the seal stays. */
  to: SealKindName
  phase: CeremonyPhase
  confirmed: boolean
  /** Shares of the seal that counts, where it takes any. */
  old: { given: number; threshold: number; set: string; forgottenIn: number | null } | null
  /** New shares that were typed back. */
  back: { given: number; shares: number; set: string } | null
  endsIn: number
}
