import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import { type About, type CredentialKind, largestCredential } from '../../kernel/credential-kinds.ts'
import type { AccountId, DepositId, EntryId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Act } from '../audit/index.ts'
import { becomeManaged } from './become-managed.ts'
import { type BegunDeposit, type Brought, beginDeposits, type DepositDeps } from './begin-deposits.ts'
import { openDeposits, setDepositState } from './deposit.store.ts'
import type { VaultError } from './errors.ts'
import { credentialBrought, notBrought } from './events.ts'
import type { Read } from './forms/form.ts'
import { forms } from './forms/forms.ts'
import { tryCertificate } from './try-certificate.ts'

export type { Brought, DepositDeps } from './begin-deposits.ts'

export interface Kept {
  account: { id: AccountId; name: string; target: string }
  credential: CredentialKind
  version: number
  about: About
}

/**
 * Keeps a credential that an administrator brings, as the next version of an account that Claviger does not reach; the first one makes the account. Who
 * brings which version is attested with their fresh code, and in the ledger, before the keeper takes it. What it is, is looked at before any of that.
 */
export async function depositCredential(
  deps: DepositDeps,
  by: { person: PersonId; code: string },
  brought: Brought,
): Promise<Result<Kept, VaultError>> {
  const read = readBrought(brought)
  if (!read.ok) return read
  const secret = new Secret(read.value.secret)
  try {
    const begun = await beginDeposits(deps, by, [brought])
    if (!begun.ok) return begun
    const { presence, each } = begun.value
    const [one] = each
    if (!one?.ok) throw new Error('one deposit was begun, and is not there')
    const works = await tried(deps, by.person, one.value, secret)
    return works.ok ? await handOver(deps, by.person, { ...one.value, presence }, read.value, secret) : works
  } finally {
    secret.wipe()
  }
}

/** Of what logs in somewhere that we reach: whether it does. What does not is not kept, and that is its outcome. */
async function tried(
  deps: DepositDeps,
  person: PersonId,
  { row, intent, on, account }: BegunDeposit,
  secret: Secret,
): Promise<Result<void, VaultError>> {
  if (row.credential !== 'tls') return ok(undefined)
  const works = await tryCertificate(deps, person, { id: on, account, intent }, secret)
  if (works.ok) return works
  await deps.db.transaction().execute((tx) => setDepositState(tx, row.id, 'failed'))
  const outcome = notBrought({ deposit: row.id, account: row.account_id, code: works.error.code })
  await deps.audit.note(outcome, person, { phase: 'outcome', intent })
  return works
}

/** What the keeper takes once it is written down that it comes; and the outcome. The caller wipes the secret. */
export async function handOver(
  { db, audit, keeper }: Pick<DepositDeps, 'db' | 'audit' | 'keeper'>,
  person: PersonId,
  { row, intent, presence, account: name, target }: BegunDeposit & { presence: string },
  { about, publicLine }: Pick<Read, 'about' | 'publicLine'>,
  secret: Secret,
): Promise<Result<Kept, VaultError>> {
  const shown = publicLine ?? (Object.keys(about).length > 0 ? JSON.stringify(about) : null)
  const answer = await keeper.ask('deposit', { deposit: row.id, presence, public: shown }, secret.copy())
  if (!answer.ok) {
    await db.transaction().execute((tx) => setDepositState(tx, row.id, 'failed'))
    const outcome = notBrought({ deposit: row.id, account: row.account_id, code: answer.error.code })
    await audit.note(outcome, person, { phase: 'outcome', intent })
    return answer
  }
  const kept = { deposit: row.id, account: row.account_id, credential: row.credential, version: row.version }
  const settled = await audit.act<void, VaultError>(
    { act: 'vault.settle_deposits', by: person, about: { account: row.account_id } },
    (act) => settleKept(keeper, act, { ...kept, intent }),
  )
  if (!settled.ok) return settled
  return ok({ account: { id: row.account_id, name, target }, credential: row.credential, version: row.version, about })
}

/** The vault has it: what its account becomes by that, and the outcome. */
async function settleKept(
  keeper: Keeper,
  { tx, record }: Act,
  { intent, ...kept }: { deposit: DepositId; account: AccountId; credential: CredentialKind; version: number; intent: EntryId | null },
): Promise<Result<void, KeeperRefusal>> {
  if (!(await setDepositState(tx, kept.deposit, 'kept'))) return ok(undefined)
  const attested = await becomeManaged(keeper, tx, kept)
  if (!attested.ok) return attested
  await record(credentialBrought(kept), attested.value, { phase: 'outcome', ...(intent && { intent }) })
  return ok(undefined)
}

/** What it is, looked at before anything is written down. */
export function readBrought({ kind, bytes, name }: Brought): Result<Read, VaultError> {
  if (bytes.length === 0 || bytes.length > largestCredential)
    return fail({ code: 'vault.unreadable', why: 'A credential has 1 byte at least and 1 MiB at most.' })
  const read = forms[kind].read(bytes, name)
  return read.ok ? read : fail({ code: 'vault.unreadable', why: read.error })
}

/** Longer than bringing one in takes, by far: the keeper takes none that is older. */
const overMs = 120_000

/** Closes what a crash left open: whether the keeper took it is seen in the vault. Each by itself: one that cannot be closed is in no other's way. */
export async function settleDeposits({ db, audit, keeper, now }: Omit<DepositDeps, 'kinds'>): Promise<void> {
  const before = new Date(now().getTime() - overMs)
  for (const { id, intent, account, credential, version } of await db.transaction().execute((tx) => openDeposits(tx, before))) {
    const versions = await keeper.ask('versions', { accounts: [account] })
    if (!versions.ok) return
    const kept = versions.value.versions.some((v) => v.credential === credential && v.version === version && v.state !== 'candidate')
    await audit.act<void, VaultError>({ act: 'vault.settle_deposits', by: null, about: { account } }, async (act) => {
      const { tx, record } = act
      if (kept) return await settleKept(keeper, act, { deposit: id, account, credential, version, intent })
      if ((await setDepositState(tx, id, 'failed')) && intent)
        await record(notBrought({ deposit: id, account, code: 'vault.cut_off' }), [], { phase: 'outcome', intent })
      return ok(undefined)
    })
  }
}
