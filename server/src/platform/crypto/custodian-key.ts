import { armored, encryptTo, isRecipient } from './age.ts'
import { armoredP256, encryptToP256, isP256File, isP256Recipient } from './p256-box.ts'

/*
 * The keys that shares of the seal are encrypted to: of age, or on P-256. The FIPS profile takes the second alone.
 */
export const isCustodianKey = (key: string): boolean => isP256Recipient(key) || isRecipient(key)

/** Throws for a key that `isCustodianKey` refuses. */
export const encryptToCustodian = async (key: string, plain: Uint8Array): Promise<Buffer> =>
  isP256Recipient(key) ? encryptToP256(key, plain) : await encryptTo([key], plain)

/** As text that can be mailed and printed. */
export const custodianFile = (sealed: Uint8Array): string => (isP256File(sealed) ? armoredP256(sealed) : armored(sealed))
