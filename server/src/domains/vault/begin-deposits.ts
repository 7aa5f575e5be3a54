import { attest, type NewRow } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import type { EntryId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
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
import { type BatchRow, type DepositRow, insertBatch, insertDeposit, setDepositIntent } from './deposit.store.ts'
import type { VaultError } from './errors.ts'
import { credentialBringing } from './events.ts'

export interface DepositDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  kinds: Pick<Kinds, 'reaches' | 'takesIn' | 'open'>
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
export interface BegunDeposit {
  row: DepositRow
  intent: EntryId
  account: string
  target: string
  on: TargetId
}
interface Change {
  before: AccountRow | undefined
  after: AccountRow
}

/**
 * Writes down who brings what, attested with one fresh code, before the keeper takes any of it. Answers for each, in their order, whether it may be
 * handed over; a refusal when none may. `first`: only where the vault has none yet. `batch`: they stand together in the list of imports.
 */
export async function beginDeposits(
  { audit, keeper, kinds, now }: DepositDeps,
  by: { person: PersonId; code: string },
  brought: readonly Brought[],
  { first = false, batch }: { first?: boolean; batch?: BatchRow } = {},
): Promise<Result<{ presence: string; each: Result<BegunDeposit, VaultError>[] }, VaultError>> {
  type Answer = { presence: string; each: Result<BegunDeposit, VaultError>[] }
  const [leading] = brought
  return await audit.act<Answer, VaultError>(
    { act: 'vault.bring', by: by.person, about: { target: leading?.target ?? '', name: leading?.account ?? '' } },
    async ({ tx, record }) => {
      const changes = new Map<string, Change>()
      const rows = new Map<Brought, { row: DepositRow; target: TargetRow }>()
      const refused = new Map<Brought, Result<never, VaultError>>()
      // in one order for everybody: two that bring to the same targets do not wait for each other
      const inOrder = brought.toSorted((a, b) => placeOf(a).localeCompare(placeOf(b)))
      for (const one of inOrder) {
        const { kind } = one
        const target = await lockTarget(tx, one.target)
        if (!target) refused.set(one, fail({ code: 'vault.target_unknown', target: one.target }))
        else if (kinds.reaches(target.kind) && (batch || !kinds.takesIn(target.kind, kind)))
          refused.set(one, fail({ code: 'vault.reached', target: target.name, certificates: kinds.takesIn(target.kind, 'tls') }))
        if (!target || refused.has(one)) continue
        const change = await accountFor(tx, target, one, { pending: changes.get(placeOf(one)), reached: kinds.reaches(target.kind) })
        if (!change.ok) {
          refused.set(one, change)
          continue
        }
        const { after } = change.value
        const versions = await keeper.ask('versions', { accounts: [after.id] })
        if (!versions.ok) return versions
        const last = Math.max(0, ...versions.value.versions.filter((v) => v.credential === kind).map((v) => v.version))
        const again = [...rows.values()].some(({ row }) => row.account_id === after.id && row.credential === kind)
        if (again || (first && last > 0)) {
          refused.set(one, fail({ code: 'vault.has_already', account: `${after.name}@${target.name}`, kind }))
          continue
        }
        changes.set(placeOf(one), change.value)
        const row: DepositRow = {
          ...{ id: newId('dps'), account_id: after.id, person_id: by.person, credential: kind },
          ...{ version: last + 1, at: now() },
        }
        rows.set(one, { row, target })
      }
      const begun = new Map<Brought, BegunDeposit>()
      const inTheirOrder = () =>
        brought.map((one): Result<BegunDeposit, VaultError> => {
          const its = begun.get(one)
          return its ? ok(its) : (refused.get(one) ?? fail({ code: 'vault.target_unknown', target: one.target }))
        })
      const [refusal] = refused.values()
      if (rows.size === 0 && refusal && !first) return refusal
      if (rows.size === 0) return ok({ presence: '', each: inTheirOrder() })

      const changed = [...changes.values()].filter(({ before, after }) => before !== after)
      const attested = await attest(
        keeper,
        [
          ...changed.map(({ after }): NewRow => ({ kind: 'account', revision: after.revision, row: { ...after } })),
          ...[...rows.values()].map(({ row }): NewRow => ({ kind: 'deposit', revision: 1, row: { ...row } })),
        ],
        { by: 'stepUp', ...by },
      )
      if (!attested.ok) return attested
      const { macOf, attestations, presence } = attested.value
      if (batch) await insertBatch(tx, batch)
      for (const { before, after } of changed)
        await (before ? updateAccount(tx, after, macOf(after.id)) : insertAccount(tx, after, macOf(after.id)))
      for (const [one, { row, target }] of rows) {
        await insertDeposit(tx, row, macOf(row.id), batch?.id ?? null)
        const { id, account_id, credential, version } = row
        const event = credentialBringing({ deposit: id, account: account_id, target: target.id, credential, version })
        // the entry of the first carries what the ledger has to know of all of them
        const intent = await record(event, begun.size === 0 ? attestations : [], { phase: 'intent' })
        await setDepositIntent(tx, id, intent)
        begun.set(one, { row, intent, account: one.account, target: target.name, on: target.id })
      }
      return ok({ presence: presence ?? '', each: inTheirOrder() })
    },
  )
}

const placeOf = ({ target, account }: Brought): string => `${target} ${account}`

/**
 * The account that is there, or the one that this makes; changed only where it gets a kind of credential that it did not have. `pending`: what
 * another one of the same act makes of it. `reached`: what is there is found by looking, and becomes something else only once the vault has what its
 * target took (`becomeManaged`).
 */
async function accountFor(
  tx: Tx,
  target: TargetRow,
  { account: name, kind, tier }: Brought,
  { pending, reached }: { pending: Change | undefined; reached: boolean },
): Promise<Result<Change, VaultError>> {
  const before = pending ? pending.before : await lockAccountNamed(tx, target.id, name)
  const now = pending?.after ?? before
  if (!now && reached) return fail({ code: 'vault.not_found', account: name, target: target.name })
  if (!now) {
    const after: AccountRow = {
      ...{ id: newId('acc'), target_id: target.id, name, category: 'application', tier: tier ?? target.tier },
      ...{ privileges: [], credentials: [kind], authorised_keys: [], state: 'managed' },
      ...{ check_out: null, observed_since: null, break_glass: null, login: null, revision: 1 },
    }
    return ok({ before, after })
  }
  if (reached && now.break_glass) return fail({ code: 'vault.for_emergencies', account: now.name })
  if (now.state === 'held') return fail({ code: 'vault.not_by_hand', account: now.name, state: now.state })
  if (reached || (now.state === 'managed' && now.credentials.includes(kind))) return ok({ before, after: now })
  const credentials = [...new Set([...now.credentials, kind])].sort()
  return ok({ before, after: { ...now, state: 'managed', credentials, revision: (before?.revision ?? 0) + 1 } })
}
