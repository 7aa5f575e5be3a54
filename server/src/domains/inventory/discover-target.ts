import { attest, type NewRow } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import { isLoginKind, isProofKind } from '../../kernel/credential-kinds.ts'
import type { EntryId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { FoundAccount } from '../../targets/contract.ts'
import type { Audit } from '../audit/index.ts'
import type { InventoryError } from './errors.ts'
import { discovered, discovery, discoveryFailed, impostorSeen } from './events.ts'
import { findAccounts, rowOf } from './found-accounts.ts'
import {
  type AccountRow,
  insertAccount,
  lockAccountsOf,
  lockTarget,
  markDiscovered,
  markGone,
  refreshKeys,
  updateAccount,
} from './inventory.store.ts'
import type { Kinds } from './kinds.ts'

export interface Discovery {
  found: number
  added: number
  gone: string[]
}

export interface DiscoverDeps {
  audit: Audit
  keeper: Keeper
  kinds: Kinds
  now: () => Date
}

/** Looks for privileged accounts with the account that manages the target: intent, look, outcome. */
export async function discoverTarget(
  deps: DiscoverDeps,
  by: PersonId | null,
  id: TargetId,
  trigger: 'person' | 'schedule' = 'person',
): Promise<Result<Discovery, InventoryError>> {
  const { audit, keeper } = deps
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'target', id }] })
  if (!vouched.ok) return vouched.error.code === 'keeper.unknown_row' ? fail({ code: 'inventory.target_unknown', target: id }) : vouched
  const begun = discovery({ target: id, trigger })
  const cutShort = discoveryFailed({ target: id, code: 'inventory.cut_short' })
  return await audit.look({ begun, cutShort, by }, (intent) => discover(deps, by, id, vouched.value.rows[0] as unknown as Looked, intent))
}

async function discover(
  deps: DiscoverDeps,
  by: PersonId | null,
  id: TargetId,
  looked: Looked,
  intent: EntryId,
): Promise<Result<Discovery, InventoryError>> {
  const { audit, keeper } = deps
  const found = await look(deps, looked, id, intent)
  if (!found.ok) {
    const e = found.error
    if (e.code === 'target.impostor' && 'expected' in e)
      await audit.note(impostorSeen({ target: id, expected: e.expected, presented: e.presented, during: 'discovery' }), by, {
        phase: 'alarm',
        intent,
      })
    await audit.note(discoveryFailed({ target: id, code: e.code }), by, { phase: 'outcome', intent })
    return found
  }
  return await audit.act<Discovery, InventoryError>({ act: 'inventory.discover', by, about: { target: id } }, async ({ tx, record }) => {
    const target = await lockTarget(tx, id)
    if (!target) return fail({ code: 'inventory.target_unknown', target: id })
    const known = await lockAccountsOf(tx, id)
    const plan = compare(known, found.value, target, deps.now())
    const gone = plan.gone.map((a) => a.name)
    const added = new Set(plan.added)
    const written = [...plan.added, ...plan.changed]
    // one act and one transaction, also where there are thousands: an entry for each page, the last of them is the outcome
    const pages = Math.max(1, Math.ceil(Math.max(written.length, gone.length) / inOnePage))
    for (let at = 0; at < pages; at++) {
      const pageOf = <T>(all: readonly T[]): T[] => all.slice(at * inOnePage, (at + 1) * inOnePage)
      const page = pageOf(written)
      const rows: NewRow[] = page.map((row) => ({ kind: 'account', revision: row.revision, row: { ...row } }))
      const attested = rows.length > 0 ? await attest(keeper, rows, { by: 'system' }) : undefined
      if (attested && !attested.ok) return attested
      for (const row of page) await (added.has(row) ? insertAccount : updateAccount)(tx, row, attested?.value.macOf(row.id) as Buffer)
      const names = (wanted: boolean) => page.flatMap((row) => (added.has(row) === wanted ? [row.name] : []))
      await record(
        discovered({ target: id, found: found.value.length, added: names(true), changed: names(false), gone: pageOf(gone) }),
        attested?.value.attestations ?? [],
        at === pages - 1 ? { phase: 'outcome', intent } : {},
      )
    }
    for (const row of plan.same) await refreshKeys(tx, row.id, row.authorised_keys)
    await markGone(
      tx,
      plan.gone.map((a) => a.id),
    )
    await markDiscovered(tx, id, deps.now())
    return ok({ found: found.value.length, added: plan.added.length, gone })
  })
}

/** An entry has room for a hundred kilobytes: so many attestations and names. The keeper attests 500 rows at once. */
export const inOnePage = 200

interface Looked {
  kind: string
  settings: Record<string, unknown>
  identity: Record<string, string>
}

async function look(deps: DiscoverDeps, target: Looked, id: TargetId, intent: string): Promise<Result<FoundAccount[], InventoryError>> {
  const opened = deps.kinds.open(target.kind, target.settings)
  if (!opened.ok) return opened
  const manager = await deps.keeper.ask('managerSecret', { target: id, intent })
  if (!manager.ok) return manager
  const secret = manager.value.payload ?? new Secret(new Uint8Array())
  try {
    const publicKey = manager.value.public
    return await findAccounts(opened.value, target.identity, {
      account: manager.value.account,
      credential: { kind: manager.value.credential, secret, ...(publicKey && { publicKey }) },
    })
  } finally {
    secret.wipe()
  }
}

/** What changed since the last look. An account's state and a tier that somebody set stay as they are. */
function compare(
  known: readonly AccountRow[],
  found: readonly FoundAccount[],
  target: { id: TargetId; tier: number; manager: string },
  at: Date,
): Record<'added' | 'changed' | 'same' | 'gone', AccountRow[]> {
  const byName = new Map(known.map((a) => [a.name, a]))
  const there = new Set(found.map((f) => f.name))
  const plan: Record<'added' | 'changed' | 'same' | 'gone', AccountRow[]> = {
    added: [],
    changed: [],
    same: [],
    gone: known.filter((a) => !there.has(a.name)),
  }
  for (const account of found) {
    const fresh = rowOf(account, target, at)
    const before = byName.get(account.name)
    if (!before) plan.added.push(fresh)
    else {
      // what is only assumed adds nothing to what is known to let it in
      const seen = account.assumed && before.credentials.some(isProofKind) ? before.credentials : fresh.credentials
      const after = {
        ...before,
        category: fresh.category,
        privileges: fresh.privileges,
        // what somebody brought in is not seen there
        credentials: [...new Set([...seen, ...before.credentials.filter((kind) => !isLoginKind(kind))])].sort(),
        authorised_keys: fresh.authorised_keys,
      }
      const differs = (['category', 'privileges', 'credentials'] as const).some(
        (k) => JSON.stringify(before[k]) !== JSON.stringify(after[k]),
      )
      plan[differs ? 'changed' : 'same'].push(differs ? { ...after, revision: before.revision + 1 } : after)
    }
  }
  return plan
}
