import { deriveKey, hmacSha256, lengthPrefixed, sameBytes } from '../../platform/crypto/hash.ts'
import { open, seal } from '../../platform/crypto/sealed.ts'
import { type InstallationFacts, type InstallationRecord, isOurs, mostFormer, type RecordKey } from './installation.ts'

/*
 * When a root key is replaced, records of the old one may still stand somewhere: in the folder, where the server died right after the database
 * had the new one; in the folder of another server; in a database that somebody put back. Who has either key must be able to tell which is the
 * later one, and an attacker without a key must not be able to say so.
 */

type Former = NonNullable<InstallationFacts['former']>[number]

const formerPlace = (check: string) => ({ purpose: 'former-record-key', location: 'root', id: check, version: 1 })

const handoverOf = (key: RecordKey, log: string, to: string): Buffer =>
  hmacSha256(deriveKey(key.mac, 'claviger/handover/v1'), lengthPrefixed(log, to))

/** Whether `there` is a record that came after ours, as only somebody with our key could say. */
export function wasReplaced(key: RecordKey, ours: InstallationFacts, there: InstallationFacts): boolean {
  const handover = there.former?.find((f) => f.check === ours.check)?.handover
  return handover !== undefined && sameBytes(Buffer.from(handover, 'hex'), handoverOf(key, ours.log, there.check))
}

/** Whether `there` is a record of a root key that ours, with this root key, came after: made by whoever had that one. */
export function cameBefore(root: Uint8Array, ours: InstallationFacts, there: InstallationRecord): boolean {
  const former = ours.former?.find((f) => f.check === there.facts.check)
  const key = former && open(root, formerPlace(former.check), Buffer.from(former.key, 'base64'))
  if (!key?.ok) return false
  const right = isOurs({ mac: key.value }, there)
  key.value.fill(0)
  return right
}

/** What a record under `next` says of the root keys before it; `root` is the one that it replaces. */
export function succeed(root: Uint8Array, key: RecordKey, facts: InstallationFacts, next: Uint8Array, check: string): Former[] {
  const line = (of: string, mac: Uint8Array): Former => ({
    check: of,
    key: seal(next, 'root', formerPlace(of), mac).toString('base64'),
    handover: handoverOf({ mac: Buffer.from(mac) }, facts.log, check).toString('hex'),
  })
  const earlier = (facts.former ?? []).flatMap((f) => {
    const mac = open(root, formerPlace(f.check), Buffer.from(f.key, 'base64'))
    if (!mac.ok) return []
    const renewed = line(f.check, mac.value)
    mac.value.fill(0)
    return [renewed]
  })
  return [line(facts.check, key.mac), ...earlier].slice(0, mostFormer)
}
