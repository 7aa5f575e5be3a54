import type pg from 'pg'
import type { KmsPlace } from '../../platform/kms/kms.ts'
import type { Seats } from '../contract.ts'
import type { PasskeySite } from '../people/passkeys.ts'
import type { SealKindName } from '../seal/installation.ts'
import type { HsmPlace } from '../seal/kinds/hsm-place.ts'
import type { Progress } from '../seal/share-desk.ts'
import type { ShownCeremony } from './ceremony/shown.ts'

/*
 * Terminology
 *
 * - uninitialised: there is no root key yet; `initialise` makes one and hands out its shares
 * - sealed: the root key is with the custodians; nothing opens until enough of them gave their shares
 * - open: the keys are in this process's memory
 * - closing: somebody seals; what runs may end in order, nothing new opens
 */
export type LifeState = 'uninitialised' | 'sealed' | 'open' | 'closing'

export interface LifeOptions {
  pool: pg.Pool
  folder: string
  log: (line: string) => void
  now?: () => Date
  /** What time it certainly is: what those who connect begin their own clocks with. */
  believed?: () => Date | undefined
  /** To whom scheduled backups are encrypted, as the operator set it. Default: nobody. */
  backupsTo?: readonly string[] | undefined
  /** The token of the seal `pkcs11`, where one is in the settings. */
  hsm?: HsmPlace | undefined
  /** The key of the seal `aws-kms`, likewise. */
  kms?: KmsPlace | undefined
  /** The seal of a fresh installation: one that opens by itself is made at once, for `shamir` (and for no choice) somebody initialises. */
  fresh?: SealKindName | undefined
  /** What the operator asked for: that it is another one than the installation has must not pass in silence. */
  wanted?: SealKindName | undefined
  /** Kinds of seal that may not be used here, each with why. */
  refused?: Partial<Record<SealKindName, string>> | undefined
  /** Milliseconds for which sealed credentials that programs read are kept. */
  readCacheMs?: number
  /** Addresses in CIDR from which targets see our gateways: certificates are good from there alone. None: from anywhere. */
  sshSources?: readonly string[] | undefined
  /** How many sessions may be open at once. */
  seats?: Seats | undefined
  /** Where passkeys may be asked for. None: nowhere. */
  passkeySite?: PasskeySite | undefined
}

export interface SealStatus {
  state: LifeState
  kind: SealKindName | undefined
  progress: (Progress & { forgottenIn: number | null; shares: number; set: string }) | undefined
  ceremony: ShownCeremony | null
  /** Why a seal that opens by itself is closed, and what to do. */
  waiting: string | undefined
  /** Grants that the rows call active while nothing opens. */
  runningGrants: number
}
