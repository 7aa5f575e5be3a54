import { deriveKey, type Hmac, hmacSha256, hmacUnder, lengthPrefixed, sameBytes } from '../platform/crypto/hash.ts'
import type { Role } from './contract.ts'
import { type Attestation, digestOf, type FactContent, type FactKind } from './facts/fact.ts'

/** The keys that the keeper derives from the location key `system`: for attestations, entries, presence and what each role hashes. */
export interface KeeperKeys {
  attest(kind: FactKind, content: FactContent, revision: number): Attestation
  /** Whether this attestation is ours. */
  isOurs(attestation: Attestation): boolean
  entryKey(origin: string): Buffer
  entryTag(origin: string, bytes: Uint8Array): Buffer
  roleKey(role: Role): Buffer
  /** MAC for the keeper's own small records (enrolments, certificates, presence tokens). */
  mac(purpose: string, ...parts: readonly string[]): Buffer
  hasMac(mac: Uint8Array, purpose: string, ...parts: readonly string[]): boolean
  /** Of a credential, to find it again without opening it. `whole`, its `public` half, or its `stem`. */
  secretHash(of: 'whole' | 'public' | 'stem', bytes: Uint8Array): Buffer
  /** Drops what was derived. Afterwards every use throws: nothing is ever attested or believed under a wiped key. */
  wipe(): void
}

/** Roles, and the keeper itself. */
const mostOrigins = 8

export function keeperKeys(system: Uint8Array): KeeperKeys {
  const own = Uint8Array.from(system)
  const derived = {
    attesting: deriveKey(own, 'claviger/attestation/v1'),
    records: deriveKey(own, 'claviger/keeper-record/v1'),
    secrets: deriveKey(own, 'claviger/secret-hash/v1'),
  }
  let wiped = false
  const key = (name: keyof typeof derived): Buffer => {
    if (wiped) throw new Error('the seal was closed')
    return derived[name]
  }
  const fromSystem = (info: string): Buffer => {
    if (wiped) throw new Error('the seal was closed')
    return deriveKey(own, info)
  }
  const macOf = (a: Omit<Attestation, 'mac'>) =>
    hmacSha256(key('attesting'), lengthPrefixed(a.kind, a.id, String(a.revision), a.digest)).toString('hex')
  const entryKey = (origin: string) => fromSystem(`claviger/entry/v1/${origin}`)
  /** Every entry that is signed is looked at with the key of who wrote it: derived once. What somebody wrote there as an origin is not kept. */
  const tagging = new Map<string, Hmac>()
  const entryTag = (origin: string, bytes: Uint8Array): Buffer => {
    if (wiped) throw new Error('the seal was closed')
    const known = tagging.get(origin)
    if (known) return known.of(bytes)
    const derivedNow = entryKey(origin)
    const made = hmacUnder(derivedNow)
    derivedNow.fill(0)
    const tag = made.of(bytes)
    if (tagging.size < mostOrigins) tagging.set(origin, made)
    else made.wipe()
    return tag
  }
  const mac = (purpose: string, ...parts: readonly string[]) => hmacSha256(key('records'), lengthPrefixed(purpose, ...parts))
  return {
    attest(kind, content, revision) {
      const unsigned = { kind, id: String(content.id), revision, digest: digestOf(kind, content) }
      return { ...unsigned, mac: macOf(unsigned) }
    },
    isOurs: (a) => sameBytes(Buffer.from(a.mac, 'hex'), Buffer.from(macOf(a), 'hex')),
    entryKey,
    entryTag,
    roleKey: (role) => fromSystem(`claviger/role/v1/${role}`),
    mac,
    hasMac: (given, purpose, ...parts) => sameBytes(given, mac(purpose, ...parts)),
    secretHash(of, bytes) {
      const prefixed = lengthPrefixed(of, bytes)
      const digest = hmacSha256(key('secrets'), prefixed)
      prefixed.fill(0)
      return digest
    },
    wipe() {
      wiped = true
      for (const bytes of [own, ...Object.values(derived)]) bytes.fill(0)
      for (const made of tagging.values()) made.wipe()
    },
  }
}
