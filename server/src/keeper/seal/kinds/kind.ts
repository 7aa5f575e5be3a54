import type { Result } from '../../../kernel/result.ts'
import type { KmsPlace } from '../../../platform/kms/kms.ts'
import type { KeeperRefusal } from '../../contract.ts'
import type { KeeperFolder } from '../../state/folder.ts'
import type { Custodian } from '../to-custodians.ts'
import type { SealFacts } from './facts.ts'
import type { HsmPlace } from './hsm-place.ts'

/*
 * Terminology
 *
 * - kind of seal: a way in which the root key is kept while no keeper has it in memory; one file beside this one
 * - facts: what the installation's record says of the seal. They are no secret, and are believed once the record's MAC is
 * - protect: to put a root key under a seal of this kind
 */

/** What a kind of seal may use. */
export interface SealPlace {
  folder: KeeperFolder
  /** The token of the seal `pkcs11`, where one is in the settings. */
  hsm?: HsmPlace | undefined
  /** The key of the seal `aws-kms`, where one is in the settings. */
  kms?: KmsPlace | undefined
}

export interface Protected<F> {
  facts: F
  /** What is to be handed out, a line each, once; the caller wipes it. */
  handOut?: Buffer
}

/** How many shares somebody wants, where a kind makes any. */
export interface Wish {
  shares: number
  threshold: number
  /** To whom each share is encrypted before it leaves the keeper; left out or empty: they leave in the clear. */
  custodians?: readonly Custodian[] | undefined
}

export interface SealKind<F extends SealFacts = SealFacts> {
  readonly kind: F['kind']
  /** Puts this root key under the seal; the key stays the caller's to wipe. Durable when it answers. Nothing that another root key needs is touched. */
  protect(root: Uint8Array, wish: Wish, place: SealPlace): Promise<Result<Protected<F>, KeeperRefusal>>
  /** Gets the root key without anybody's help; the caller wipes it. Absent: custodians bring it. */
  open?(facts: F, place: SealPlace): Promise<Result<Buffer, KeeperRefusal>>
  /** Takes away what an earlier seal of this kind left. `keep`: the one that counts, where it is of this kind. Safe to repeat. */
  tidy?(keep: F | undefined, place: SealPlace): void
  /** What it opens with is elsewhere and may be away for a while: the server is sealed until it is back, and asks again by itself. */
  readonly mayBeAway?: true
  /** Why closing it while the server runs would protect nothing. */
  readonly closingIsVain?: string
}
