import type pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { newId, randomSecretBytes, randomToken } from '../../platform/crypto/random.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import type { KeeperKeys } from '../keys.ts'
import { refuse } from '../refuse.ts'
import type { Vault } from '../vault/vault.ts'
import { seedOwner } from './factors.ts'
import { type EnrolmentRow, readEnrolment, useEnrolment, writeEnrolment } from './people.store.ts'

const usualMs = 72 * 3600_000

/** One-time tokens with which an invited person sets a password and gets an authenticator. */
export interface Enrolments {
  /** For the person as they are now: whatever happens to the row, a second invitation too, voids the token. */
  open(who: { person: string; revision: number }, as?: { token?: string; validMs?: number }): Promise<string>
  /** Makes the factor and its seed. Each call makes new ones: only the last authenticator counts. */
  begin(token: string): Promise<Result<{ person: string; factor: string; seed: Secret }, KeeperRefusal>>
  read(token: string): Promise<Result<EnrolmentRow, KeeperRefusal>>
  /** Once: refused when it was used meanwhile, also at another node. */
  use(row: EnrolmentRow): Promise<Result<void, KeeperRefusal>>
}

export function createEnrolments(deps: { pool: pg.Pool; keys: KeeperKeys; facts: FactReader; vault: Vault; now: () => Date }): Enrolments {
  const { pool, keys, facts, vault, now } = deps
  const parts = (revision: number, r: Omit<EnrolmentRow, 'mac'>) => [
    String(revision),
    r.token_hash.toString('hex'),
    r.person_id,
    r.factor_id ?? '',
    r.expires_at.toISOString(),
    r.used_at ? 'used' : 'open',
  ]
  const write = (revision: number, row: Omit<EnrolmentRow, 'mac'>) =>
    writeEnrolment(pool, { ...row, mac: keys.mac('enrolment', ...parts(revision, row)) })
  const revisionOf = async (person: string): Promise<number> => {
    const found = await facts.find('person', person)
    return found.ok ? (found.value?.revision ?? 0) : 0
  }

  const unknown = () =>
    refuse('enrolment.unknown', 'This enrolment link is not known, or another one came after it. Ask an administrator for a new one.')
  const read: Enrolments['read'] = async (token) => {
    const row = await readEnrolment(pool, sha256(token))
    if (!row) return unknown()
    if (row.used_at)
      return refuse('enrolment.used', 'This enrolment link was used already. Sign in, or ask an administrator for a new one.')
    if (!keys.hasMac(row.mac, 'enrolment', ...parts(await revisionOf(row.person_id), row))) return unknown()
    if (row.expires_at <= now()) return refuse('enrolment.expired', 'This enrolment link has expired. Ask an administrator for a new one.')
    return ok(row)
  }

  return {
    read,
    async open({ person, revision }, { token = randomToken(24), validMs = usualMs } = {}) {
      await write(revision, {
        token_hash: sha256(token),
        person_id: person,
        factor_id: null,
        expires_at: new Date(now().getTime() + validMs),
        used_at: null,
      })
      return token
    },
    async begin(token) {
      const row = await read(token)
      if (!row.ok) return row
      const factor = newId('fac')
      const seed = randomSecretBytes(20)
      const shown = new Secret(Uint8Array.from(seed))
      await vault.put(seedOwner(factor), 'system', new Secret(seed), { state: 'current', escrow: true })
      await write(await revisionOf(row.value.person_id), { ...row.value, factor_id: factor })
      return ok({ person: row.value.person_id, factor, seed: shown })
    },
    async use(row) {
      const used = { ...row, used_at: now() }
      if (await useEnrolment(pool, { ...used, mac: keys.mac('enrolment', ...parts(await revisionOf(row.person_id), used)) }))
        return ok(undefined)
      return refuse('enrolment.used', 'This enrolment link was used already. Sign in, or ask an administrator for a new one.')
    },
  }
}
