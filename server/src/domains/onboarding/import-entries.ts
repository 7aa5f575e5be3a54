import type { Keeper } from '../../keeper/client.ts'
import type { AccountId, ImportId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { holdLock } from '../../platform/db/hold-lock.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import type { Audit } from '../audit/index.ts'
import { type Kinds, turnOn } from '../inventory/index.ts'
import type { OnboardingError } from './errors.ts'
import { importTried, importTrying } from './events.ts'
import { importOf, putEntries, type Tried } from './onboarding.store.ts'

export interface ImportDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  kinds: Kinds
  now: () => Date
}
export interface Brought {
  account: AccountId
  credential: CredentialKind
  secret: Secret
}

const patienceMs = 20_000

/**
 * Tries each credential on its target, once: what opens it is stored as current, what is refused is not, and is not tried again. Nothing is changed
 * on a target, and no rotation ordered. The caller wipes the secrets.
 */
export async function importEntries(
  deps: ImportDeps,
  by: PersonId,
  id: ImportId,
  brought: readonly Brought[],
): Promise<Result<Tried[], OnboardingError>> {
  const { db, audit, now } = deps
  const row = await db.transaction().execute((tx) => importOf(tx, id))
  if (!row || row.begun_by !== by) return fail({ code: 'onboarding.import_unknown', import: id })
  if (row.open_until <= now()) return fail({ code: 'onboarding.import_closed' })
  const begun = importTrying({ import: id, accounts: brought.map((b) => b.account) })
  return await audit.look({ begun, cutShort: importTried({ import: id, results: null }), by }, async (intent) => {
    const tried: Tried[] = []
    for (const one of brought) tried.push(await tryOne(deps, one))
    return await audit.act<Tried[], OnboardingError>({ act: 'onboarding.import', by, about: { import: id } }, async ({ tx, record }) => {
      await putEntries(tx, id, tried, now())
      await record(importTried({ import: id, results: tried.map((t) => ({ ...t })) }), [], { phase: 'outcome', intent })
      return ok(tried)
    })
  })
}

async function tryOne({ db, keeper, kinds }: ImportDeps, { account, credential, secret }: Brought): Promise<Tried> {
  const became = (outcome: Tried['outcome'], code: string | null = null): Tried => ({ account, credential, outcome, code })
  const versions = await keeper.ask('versions', { accounts: [account] })
  if (!versions.ok) return became('failed', versions.error.code)
  if (versions.value.versions.some((v) => v.credential === credential && v.state === 'current')) return became('known')
  // the target as it is attested: a credential goes nowhere else
  const about = await keeper.ask('vouch', { rows: [{ kind: 'account', id: account }] })
  if (!about.ok) return became('failed', about.error.code)
  const a = about.value.rows[0] as { target_id?: unknown; name?: unknown }
  const target = String(a.target_id) as TargetId
  const on = await keeper.ask('vouch', { rows: [{ kind: 'target', id: target }] })
  if (!on.ok) return became('failed', on.error.code)
  const t = on.value.rows[0] as { kind?: unknown; settings?: unknown; identity?: unknown }
  const open = kinds.open(String(t.kind), t.settings)
  if (!open.ok) return became('failed', open.error.code)
  const login = { account: String(a.name), credential: { kind: credential, secret } }
  const works = await holdLock(db, turnOn(target), patienceMs, () => open.value.verify(t.identity as Record<string, string>, login))
  if (!works.ok) return became('failed', 'rotation.elsewhere')
  if (!works.value.ok) return became(works.value.error.code === 'target.login_refused' ? 'refused' : 'failed', works.value.error.code)
  const stored = await keeper.ask('storeCredential', { account, credential, public: null }, secret.copy())
  if (stored.ok) return became('stored')
  return stored.error.code === 'vault.has_credential' ? became('known') : became('failed', stored.error.code)
}
