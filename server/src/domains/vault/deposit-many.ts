import type { PersonId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { beginDeposits } from './begin-deposits.ts'
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
    if (readable.length > 0) {
      const begun = await beginDeposits(deps, by, readable, { first: true })
      if (!begun.ok) return begun
      const { presence, each } = begun.value
      for (const [at, one] of readable.entries()) {
        const [its, what] = [each[at], read.get(one)]
        if (!its || !what) continue
        const kept = its.ok ? await handOver(deps, by.person, { ...its.value, presence }, what, what.kept) : its
        told.set(one, kept.ok ? { outcome: 'stored', code: null, why: null } : failed(kept.error))
      }
    }
    return ok(brought.map((one) => told.get(one) ?? { outcome: 'failed', code: null, why: null }))
  } finally {
    for (const { kept } of read.values()) kept.wipe()
  }
}

function failed(error: VaultError): Outcome {
  const { code, message } = explainVault(error).body
  return { outcome: code === 'vault.has_already' ? 'known' : 'failed', code, why: message }
}
