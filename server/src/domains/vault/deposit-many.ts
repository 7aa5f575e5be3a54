import type { PersonId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newId } from '../../platform/crypto/random.ts'
import { beginDeposits } from './begin-deposits.ts'
import { setKnown } from './deposit.store.ts'
import { type Brought, type DepositDeps, handOver, readBrought } from './deposit-credential.ts'
import { explainVault, type VaultError } from './errors.ts'
import type { Read } from './forms/form.ts'

export interface Outcome {
  outcome: 'stored' | 'known' | 'failed'
  code: string | null
  why: string | null
}

/** Keeps the first credentials of several accounts with one code. What cannot be kept is told, and is in nobody's way. */
export async function depositMany(
  deps: DepositDeps,
  by: { person: PersonId; code: string },
  brought: readonly Brought[],
  source: string,
): Promise<Result<Outcome[], VaultError>> {
  const told = new Map<Brought, Outcome>()
  const read = new Map<Brought, Read & { kept: Secret }>()
  try {
    for (const one of brought) {
      const its = readBrought(one)
      if (its.ok) read.set(one, { ...its.value, kept: new Secret(its.value.secret) })
      else told.set(one, failed(its.error))
    }
    const readable = [...read.keys()]
    const batch = { id: newId('imp'), source, begun_by: by.person, begun_at: deps.now(), entries: brought.length }
    if (readable.length > 0) {
      const begun = await beginDeposits(deps, by, readable, { first: true, batch })
      if (!begun.ok) return begun
      const { presence, each } = begun.value
      for (const [at, one] of readable.entries()) {
        const [its, what] = [each[at], read.get(one)]
        if (!its || !what) continue
        const kept = its.ok ? await handOver(deps, by.person, { ...its.value, presence }, what, what.kept) : its
        told.set(one, kept.ok ? { outcome: 'stored', code: null, why: null } : failed(kept.error))
      }
    }
    const known = [...told.values()].filter(({ outcome }) => outcome === 'known').length
    if (known > 0) await setKnown(deps.db, batch.id, known)
    return ok(brought.map((one) => told.get(one) ?? { outcome: 'failed', code: null, why: null }))
  } finally {
    for (const { kept } of read.values()) kept.wipe()
  }
}

function failed(error: VaultError): Outcome {
  const { code, message } = explainVault(error).body
  return { outcome: code === 'vault.has_already' ? 'known' : 'failed', code, why: message }
}
