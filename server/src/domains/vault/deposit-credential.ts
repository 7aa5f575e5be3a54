import { attest, type NewRow } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import { type About, type CredentialKind, largestCredential } from '../../kernel/credential-kinds.ts'
import type { AccountId, EntryId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import {
  type AccountRow,
  insertAccount,
  type Kinds,
  lockAccountNamed,
  lockTarget,
  type TargetRow,
  updateAccount,
} from '../inventory/index.ts'
import { type DepositRow, insertDeposit, openDeposits, setDepositIntent, setDepositState } from './deposit.store.ts'
import type { VaultError } from './errors.ts'
import { credentialBringing, credentialBrought, notBrought } from './events.ts'
import type { Read } from './forms/form.ts'
import { forms } from './forms/forms.ts'

export interface DepositDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  kinds: Pick<Kinds, 'reaches'>
  now: () => Date
}
export interface Brought {
  target: TargetId
  account: string
  kind: CredentialKind
  /** Taken over, and wiped. */
  bytes: Uint8Array
  name: string | undefined
  /** Of an account that is made by this. */
  tier: number | undefined
}
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
  const { db, audit, keeper } = deps
  const read = readBrought(brought)
  if (!read.ok) return read
  const { about, publicLine } = read.value
  const secret = new Secret(read.value.secret)
  try {
    const begun = await begin(deps, by, brought)
    if (!begun.ok) return begun
    const { row, intent, presence, target } = begun.value
    const shown = publicLine ?? (Object.keys(about).length > 0 ? JSON.stringify(about) : null)
    const answer = await keeper.ask('deposit', { deposit: row.id, presence, public: shown }, secret.copy())
    await db.transaction().execute((tx) => setDepositState(tx, row.id, answer.ok ? 'kept' : 'failed'))
    const said = { deposit: row.id, account: row.account_id }
    const outcome = answer.ok
      ? credentialBrought({ ...said, credential: row.credential, version: row.version })
      : notBrought({ ...said, code: answer.error.code })
    await audit.note(outcome, by.person, { phase: 'outcome', intent })
    if (!answer.ok) return answer
    const account = { id: row.account_id, name: brought.account, target }
    return ok({ account, credential: row.credential, version: row.version, about })
  } finally {
    secret.wipe()
  }
}

function readBrought({ kind, bytes, name }: Brought): Result<Read, VaultError> {
  if (bytes.length === 0 || bytes.length > largestCredential)
    return fail({ code: 'vault.unreadable', why: 'A credential has 1 byte at least and 1 MiB at most.' })
  const read = forms[kind].read(bytes, name)
  return read.ok ? read : fail({ code: 'vault.unreadable', why: read.error })
}

interface Begun {
  row: DepositRow
  intent: EntryId
  presence: string
  target: string
}

async function begin(
  { audit, keeper, kinds, now }: DepositDeps,
  by: { person: PersonId; code: string },
  brought: Brought,
): Promise<Result<Begun, VaultError>> {
  const { kind } = brought
  return await audit.act<Begun, VaultError>(
    { act: 'vault.bring', by: by.person, about: { target: brought.target, name: brought.account } },
    async ({ tx, record }) => {
      const target = await lockTarget(tx, brought.target)
      if (!target) return fail({ code: 'vault.target_unknown', target: brought.target })
      if (kinds.reaches(target.kind)) return fail({ code: 'vault.reached', target: target.name })
      const account = await accountFor(tx, target, brought)
      if (!account.ok) return account
      const { before, after } = account.value
      const versions = await keeper.ask('versions', { accounts: [after.id] })
      if (!versions.ok) return versions
      const last = Math.max(0, ...versions.value.versions.filter((v) => v.credential === kind).map((v) => v.version))
      const row: DepositRow = {
        ...{ id: newId('dps'), account_id: after.id, person_id: by.person, credential: kind },
        ...{ version: last + 1, at: now() },
      }
      const rows: NewRow[] = [{ kind: 'deposit', revision: 1, row: { ...row } }]
      if (before !== after) rows.unshift({ kind: 'account', revision: after.revision, row: { ...after } })
      const attested = await attest(keeper, rows, { by: 'stepUp', ...by })
      if (!attested.ok) return attested
      const { macOf, attestations, presence } = attested.value
      if (!before) await insertAccount(tx, after, macOf(after.id))
      else if (before !== after) await updateAccount(tx, after, macOf(after.id))
      await insertDeposit(tx, row, macOf(row.id))
      const event = credentialBringing({
        ...{ deposit: row.id, account: after.id, target: target.id, credential: kind, version: row.version },
      })
      const intent = await record(event, attestations, { phase: 'intent' })
      await setDepositIntent(tx, row.id, intent)
      return ok({ row, intent, presence: presence ?? '', target: target.name })
    },
  )
}

/** The account that is there, or the one that this makes; changed only where it gets a kind of credential that it did not have. */
async function accountFor(
  tx: Tx,
  target: TargetRow,
  { account: name, kind, tier }: Brought,
): Promise<Result<{ before: AccountRow | undefined; after: AccountRow }, VaultError>> {
  const before = await lockAccountNamed(tx, target.id, name)
  if (!before) {
    const after: AccountRow = {
      ...{ id: newId('acc'), target_id: target.id, name, category: 'application', tier: tier ?? target.tier },
      ...{ privileges: [], credentials: [kind], authorised_keys: [], state: 'managed' },
      ...{ check_out: null, observed_since: null, break_glass: null, login: null, revision: 1 },
    }
    return ok({ before, after })
  }
  if (before.state === 'held') return fail({ code: 'vault.not_by_hand', account: before.name, state: before.state })
  if (before.state === 'managed' && before.credentials.includes(kind)) return ok({ before, after: before })
  const credentials = [...new Set([...before.credentials, kind])].sort()
  return ok({ before, after: { ...before, state: 'managed', credentials, revision: before.revision + 1 } })
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
