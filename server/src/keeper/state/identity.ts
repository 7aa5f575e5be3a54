import { z } from 'zod'
import { newSeed, type SigningKey, signingKey } from '../../platform/crypto/ed25519.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import { open, seal } from '../../platform/crypto/sealed.ts'
import type { KeeperFolder } from './folder.ts'
import type { Seal } from './seal.ts'

const shape = z.strictObject({ log: z.string(), epoch: z.int().min(1), signer: z.base64() })

/** Who this keeper is: the log it signs, the epoch it is in, and its signing key (sealed under the root key, in its own folder). */
export interface KeeperIdentity {
  log: string
  epoch: number
  signer: SigningKey
  /** Begins a new epoch: whatever was given out in an earlier one (presence, grants) is void. */
  nextEpoch(): void
}

const file = 'identity.json'

export function openIdentity(folder: KeeperFolder, seal_: Seal): KeeperIdentity {
  const place = { purpose: 'ledger-signer', location: 'root', id: 'signer', version: 1 }
  const saved = folder.read(file)
  const fresh = () => ({
    log: `claviger.dev/ledger/${randomToken(9)}`,
    epoch: 1,
    signer: seal(seal_.rootKey(), 'root', place, newSeed()).toString('base64'),
  })
  const state = saved ? shape.parse(JSON.parse(saved.toString('utf8'))) : fresh()
  if (!saved) folder.write(file, JSON.stringify(state))
  const seed = open(seal_.rootKey(), place, Buffer.from(state.signer, 'base64'))
  if (!seed.ok)
    throw new Error(
      `The root key does not open the ledger signer in ${folder.path(file)}: this is another root key. Restore the one that belongs to this data.`,
    )
  const signer = signingKey(seed.value)
  seed.value.fill(0)
  return {
    log: state.log,
    get epoch() {
      return state.epoch
    },
    signer,
    nextEpoch() {
      state.epoch += 1
      folder.write(file, JSON.stringify(state))
    },
  }
}
