import { sha256 } from '../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { Location } from '../vault/locations.ts'
import type { InstallationFacts, SealFacts, SealKindName } from './installation.ts'
import type { Wish } from './kinds/kind.ts'
import { ShareDesk } from './share-desk.ts'

/*
 * Terminology
 *
 * - ceremony: what two people and, where the seal takes shares, enough custodians do together to the keys. One at a time
 * - gathering: the second person or shares of the seal that counts are missing yet
 * - ready: whoever began may go on
 * - verifying: new shares are handed out; each custodian types the new one back. Until the last has, the seal of before counts
 */

export type Plan =
  /** A new root key, under a seal of this kind. */
  | { goal: 'replace'; to: SealKindName; wish: Wish }
  /** New versions of these location keys, and what is sealed under the old ones is sealed anew. */
  | { goal: 'rotate'; locations: readonly Location[] }

export interface Signatory {
  person: string
  groups: readonly string[]
}

/** A root key that is ready to count, as ciphertexts alone: the key itself is with who has the new shares. */
export type Prepared = Pick<InstallationFacts, 'check' | 'signer' | 'derivation' | 'former'> & { seal: SealFacts }

export interface Ceremony {
  readonly plan: Plan
  readonly begun: Signatory
  confirmed: Signatory | undefined
  /** SHA-256 of what whoever began it holds: nobody else gets the shares. */
  readonly ticket: Buffer
  /** Shares of the seal that counts. */
  readonly old: ShareDesk
  /** New shares that were typed back. */
  readonly back: ShareDesk
  next: Prepared | undefined
  readonly endsAt: number
}

const lastsMs = 30 * 60_000

/** The one ceremony that is under way, in memory alone: a server that stops forgets it, and nothing was changed. */
export class CeremonyTable {
  #current: Ceremony | undefined
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  current(): Ceremony | undefined {
    if (this.#current && this.#now().getTime() >= this.#current.endsAt) this.drop()
    return this.#current
  }

  /** Answers what goes to whoever began it. */
  begin(plan: Plan, begun: Signatory): string {
    const ticket = randomSecretBytes(16).toString('hex')
    const made = { old: new ShareDesk(this.#now), back: new ShareDesk(this.#now, lastsMs), endsAt: this.#now().getTime() + lastsMs }
    this.#current = { plan, begun, confirmed: undefined, next: undefined, ticket: sha256(ticket), ...made }
    return ticket
  }

  drop(): void {
    this.#current?.old.forget()
    this.#current?.back.forget()
    this.#current = undefined
  }

  endsIn(): number {
    return this.#current ? Math.max(1, Math.ceil((this.#current.endsAt - this.#now().getTime()) / 1000)) : 0
  }
}
