import { type About, type CredentialKind, largestCredential } from '../../kernel/credential-kinds.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
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
  await db.transaction().execute((tx) => setDepositState(tx, row.id, answer.ok ? 'kept' : 'failed'))
  const said = { deposit: row.id, account: row.account_id }
  const outcome = answer.ok
    ? credentialBrought({ ...said, credential: row.credential, version: row.version })
    : notBrought({ ...said, code: answer.error.code })
  await audit.note(outcome, person, { phase: 'outcome', intent })
  if (!answer.ok) return answer
  return ok({ account: { id: row.account_id, name, target }, credential: row.credential, version: row.version, about })
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

/** Closes what a crash left open: whether the keeper took it is seen in the vault. */
export async function settleDeposits({ audit, keeper, now }: Omit<DepositDeps, 'kinds' | 'db'>): Promise<void> {
  await audit.act<void, VaultError>({ act: 'vault.settle_deposits', by: null }, async ({ tx, record }) => {
    for (const { id, intent, account, credential, version } of await openDeposits(tx, new Date(now().getTime() - overMs))) {
      const versions = await keeper.ask('versions', { accounts: [account] })
      if (!versions.ok) return versions
      const kept = versions.value.versions.some((v) => v.credential === credential && v.version === version && v.state !== 'candidate')
      await setDepositState(tx, id, kept ? 'kept' : 'failed')
      const outcome = kept
        ? credentialBrought({ deposit: id, account, credential, version })
        : notBrought({ deposit: id, account, code: 'vault.cut_off' })
      if (intent) await record(outcome, [], { phase: 'outcome', intent })
    }
    return ok(undefined)
  })
}
