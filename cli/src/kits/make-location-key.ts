import type { kits } from '@claviger/api'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { combine, split } from 'shamir-secret-sharing'
import type { z } from 'zod'
import type { Custodian } from '../kit/custodians.ts'
import { encryptTo } from './age.ts'

export interface LocationKey {
  recipient: string
  threshold: number
  custodians: (Custodian & { share: string })[]
}

/**
 * Makes the key of a break-glass location: the private half is split before anything else happens, put together once more to see that the shares
 * are good, encrypted to the custodians and forgotten. `ledger`: the verifier key of the server that it is for, which each share carries, so that a
 * kit of somebody else's making is known from ours.
 */
export async function makeLocationKey(custodians: readonly Custodian[], threshold: number, ledger: string): Promise<LocationKey> {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const secret = new TextEncoder().encode(identity)
  const shares = await split(secret, custodians.length, threshold)
  const again = await combine(shares.slice(-threshold))
  if (!Buffer.from(again).equals(secret)) throw new Error('the shares do not give the key back')
  again.fill(0)
  secret.fill(0)
  const sealed = await Promise.all(
    custodians.map(async (custodian, i) => {
      const said: z.input<typeof kits.locationShare> = {
        format: 'claviger-breakglass-share/1',
        key: recipient,
        number: i + 1,
        threshold,
        ledger,
        share: Buffer.from(shares[i] ?? new Uint8Array()).toString('base64'),
      }
      return { ...custodian, share: await encryptTo(custodian.key, JSON.stringify(said)) }
    }),
  )
  for (const share of shares) share.fill(0)
  return { recipient, threshold, custodians: sealed }
}
