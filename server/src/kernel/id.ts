declare const prefix: unique symbol

/** A public id such as `acc_4f9k2m7q1x`: the prefix says what it names, in logs as well as in types. */
export type Id<P extends string> = string & { readonly [prefix]: P }

export type PersonId = Id<'per'>
export type FactorId = Id<'fac'>
export type SshKeyId = Id<'key'>
export type PasskeyId = Id<'pky'>
export type SignInId = Id<'sgn'>
export type SignInLinkId = Id<'lnk'>
export type TargetId = Id<'tgt'>
export type AccountId = Id<'acc'>
export type PolicyId = Id<'pol'>
export type RequestId = Id<'req'>
export type ApprovalId = Id<'apr'>
export type GrantId = Id<'grt'>
export type SessionId = Id<'ses'>
export type RecordingId = Id<'rec'>
export type WatchId = Id<'wat'>
export type SessionOrderId = Id<'sor'>
export type AskId = Id<'ask'>
export type RotationId = Id<'rot'>
export type OrderId = Id<'ord'>
export type RevealId = Id<'rvl'>
export type DepositId = Id<'dps'>
export type BatchId = Id<'bat'>
export type PasswordPolicyId = Id<'pwp'>
export type ImportId = Id<'imp'>
export type DependentId = Id<'dpd'>
export type BreakglassKeyId = Id<'bgk'>
export type ActivationId = Id<'bga'>
export type KitId = Id<'kit'>
export type KitRecordingId = Id<'bgr'>
export type BackupId = Id<'bak'>
export type RetentionClassId = Id<'rtc'>
export type LegalHoldId = Id<'lho'>
export type PolicyChangeId = Id<'pch'>
export type InputOpeningId = Id<'iop'>
export type EntryId = Id<'ent'>

/** Ten characters of 32 symbols: 50 random bits, enough to be unguessable as a name, never used as a secret. */
export const idPattern = (p: string): RegExp => new RegExp(`^${p}_[a-z0-9]{10}$`)

const alphabet = 'abcdefghjkmnpqrstvwxyz0123456789'

/** Makes an id from random bytes that the caller supplies (at least ten), so that the kernel stays free of I/O. */
export function idFrom<P extends string>(p: P, random: Uint8Array): Id<P> {
  if (random.length < 10) throw new RangeError('an id needs ten random bytes')
  let text = ''
  for (const byte of random.subarray(0, 10)) text += alphabet[byte & 31]
  return `${p}_${text}` as Id<P>
}
