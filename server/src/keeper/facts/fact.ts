import { canonical, type Plain } from '../../kernel/canonical.ts'
import { lengthPrefixed, sha256 } from '../../platform/crypto/hash.ts'

/*
 * Terminology
 *
 * - fact: the columns of one row that decides access, as plain values; what the keeper authenticates
 * - revision: counts the changes of one row, from 1
 * - attestation: the keeper's MAC over kind, id, revision and the digest of the fact
 */

export type FactKind =
  | 'person'
  | 'factor'
  | 'ssh_key'
  | 'sign_in_confirmation'
  | 'passkey'
  | 'target'
  | 'account'
  | 'policy'
  | 'policy_change'
  | 'access_request'
  | 'approval'
  | 'access_grant'
  | 'session'
  | 'session_ask'
  | 'session_order'
  | 'holding'
  | 'reveal'
  | 'deposit'
  | 'password_policy'
  | 'dependent'
  | 'destruction'
  | 'version_policy'
  | 'breakglass_key'
  | 'breakglass_activation'
  | 'ssh_trust'
  | 'ssh_rotation'
  | 'retention_class'
  | 'retention_anchor'
  | 'legal_hold'
  | 'recording_destruction'
  | 'input_opening'

export type FactContent = { readonly [column: string]: Plain }

export interface Attestation {
  kind: FactKind
  id: string
  revision: number
  /** SHA-256 of the fact, hex. */
  digest: string
  /** HMAC-SHA-256 by the keeper, hex. */
  mac: string
}

/** Columns that were added later. While null they are not part of a fact: what was attested before stays what it was. */
const cameLater: readonly string[] = [
  'introduced_by',
  'reconciler',
  'check_out',
  'exclusive',
  'extends_grant',
  'observed_since',
  'break_glass',
  'activation',
  'login',
  'kept_as',
  'scopes',
]

/** A row as the database gives it, turned into what is hashed: times as ISO text, bytes as hex, nothing undefined. */
export function contentOf(columns: readonly string[], row: Readonly<Record<string, unknown>>): FactContent {
  const entries = columns.map((column) => [column, plain(row[column])] as const)
  return Object.fromEntries(entries.filter(([column, value]) => value !== null || !cameLater.includes(column)))
}

function plain(value: unknown): Plain {
  if (value === undefined || value === null) return null
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  return value as Plain
}

/** SHA-256, hex, of one fact. */
export const digestOf = (kind: FactKind, content: FactContent): string =>
  sha256(lengthPrefixed('claviger/fact/v1', kind, canonical(content))).toString('hex')
