import { type SigningKey, signingKey } from '../../platform/crypto/ed25519.ts'
import { open } from '../../platform/crypto/sealed.ts'
import type { Installation } from '../seal/installation-state.ts'
import { KeyMisfit } from '../seal/key-misfit.ts'

/** Who this keeper is: the log it signs, the epoch it is in, and its signing key (sealed under the root key, in the installation's record). */
export interface KeeperIdentity {
  readonly log: string
  readonly epoch: number
  /** When it began; undefined for the first. What was asked for before counts for nothing. */
  readonly epochAt: Date | undefined
  readonly signer: SigningKey
  /** Begins a new epoch: whatever was given out in an earlier one (presence, grants) is void. In the database when the promise resolves. */
  nextEpoch(at: Date): Promise<void>
  /** The same, at once to a later one; nothing where it is there already. */
  reachEpoch(epoch: number, at: Date): Promise<void>
  /** Drops the signing key. */
  wipe(): void
}

export const signerPlace = { purpose: 'ledger-signer', location: 'root', id: 'signer', version: 1 }

export function openIdentity(installation: Installation, root: Uint8Array): KeeperIdentity {
  const seed = open(root, signerPlace, Buffer.from(installation.facts.signer, 'base64'))
  if (!seed.ok)
    throw new KeyMisfit('The root key does not open the ledger signer in the installation’s record. Put the record back from a backup.')
  let signer: SigningKey | undefined = signingKey(seed.value)
  seed.value.fill(0)
  return {
    get log() {
      return installation.facts.log
    },
    get epoch() {
      return installation.facts.epoch
    },
    get epochAt() {
      const at = installation.facts.epochAt
      return at === undefined ? undefined : new Date(at)
    },
    get signer() {
      if (!signer) throw new Error('the seal was closed')
      return signer
    },
    nextEpoch: (at) => installation.change({ epoch: installation.facts.epoch + 1, epochAt: at.toISOString() }),
    reachEpoch: async (epoch, at) => {
      if (epoch > installation.facts.epoch) await installation.change({ epoch, epochAt: at.toISOString() })
    },
    wipe() {
      signer = undefined
    },
  }
}
