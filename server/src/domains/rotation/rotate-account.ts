import { attest } from '../../keeper/attest-rows.ts'
import { isLoginKind, isProofKind } from '../../kernel/credential-kinds.ts'
import type { AccountId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import { lockAccount, updateAccount } from '../inventory/index.ts'
import type { RotateAccountDeps, RotateDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { accountManaged } from './events.ts'
import { inTurn } from './in-turn.ts'
import { rotateCredential } from './rotate-credential.ts'
import { accountNamed, openRotationsByTarget, type RotationRow, type Trigger } from './rotation.store.ts'
import { otherInDoubt } from './set-on-target.ts'
import type { Together } from './together.ts'

export interface Ordered {
  account: AccountId
  /** Its target, as far as whoever ordered it knows: then less is asked. */
  on?: TargetId
  trigger: Trigger
  reason: string
  by: PersonId | null
  as?: 'manager' | 'reconciler'
  /** Others of the same target that are rotated at the same time. */
  together?: Together
}

/** Replaces every credential of an account; the first time this takes it over. Nothing else is rotated on its target meanwhile. */
export async function rotateAccount(deps: RotateAccountDeps, order: Ordered): Promise<Result<RotationRow[], RotationError>> {
  const target = await targetOf(deps, order.account)
  return target.ok ? await inTurn(deps.db, target.value, () => rotateInTurn(deps, order)) : target
}

/** The target that an account is on, as attested. */
export async function targetOf({ keeper }: Pick<RotateDeps, 'keeper'>, account: AccountId): Promise<Result<TargetId, RotationError>> {
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'account', id: account }] })
  if (!vouched.ok) return vouched.error.code === 'keeper.unknown_row' ? fail({ code: 'rotation.account_unknown', account }) : vouched
  return ok(String((vouched.value.rows[0] as { target_id?: unknown }).target_id) as TargetId)
}

/** The same for whoever has the target's turn. */
export async function rotateInTurn(deps: RotateAccountDeps, order: Ordered): Promise<Result<RotationRow[], RotationError>> {
  const { keeper, kinds } = deps
  const [vouched, versions] = await Promise.all([
    keeper.ask('vouch', {
      rows: [{ kind: 'account' as const, id: order.account }, ...(order.on ? [{ kind: 'target' as const, id: order.on }] : [])],
    }),
    keeper.ask('versions', { accounts: [order.account] }),
  ])
  if (!vouched.ok) return vouched
  if (!versions.ok) return versions
  const account = vouched.value.rows[0] as {
    target_id?: unknown
    name?: unknown
    credentials?: unknown
    state?: unknown
    observed_since?: unknown
  }
  const target = String(account.target_id) as TargetId
  const known = order.on === target ? ok({ rows: vouched.value.rows.slice(1) }) : undefined
  const pinned = known ?? (await keeper.ask('vouch', { rows: [{ kind: 'target', id: target }] }))
  if (!pinned.ok) return pinned
  const t = pinned.value.rows[0] as { kind?: unknown; settings?: unknown; identity?: unknown; manager?: unknown; reconciler?: unknown }
  const open = kinds.open(String(t.kind), t.settings)
  // inventory's own refusals cannot happen for a row that it attested; what can is the target's settings
  if (!open.ok && open.error.code === 'target.not_reached') return fail({ code: 'target.not_reached', kind: String(t.kind) })
  if (!open.ok) return fail({ code: 'target.settings_invalid', issues: [open.error.code] })
  if (!open.value.rotate) return fail({ code: 'rotation.not_supported', kind: String(t.kind) })
  // what was cut off comes first, then the key, with which an account that manages its target logs in: nothing else gets in before that is finished
  const unfinished = versions.value.versions.filter((v) => v.state === 'candidate').map((v) => v.credential)
  // done meanwhile: by hand, or by another server
  if (order.trigger === 'recovery' && unfinished.length === 0 && !(await isOpen(deps, order.account, target))) return ok([])
  // the keeper makes no candidate of it either; one that is there already is brought to its end
  if (account.observed_since && unfinished.length === 0) return fail({ code: 'rotation.observed', account: String(account.name) })
  const early = (credential: CredentialKind) => Number(unfinished.includes(credential)) * 2 + Number(credential === 'ssh-key')
  const all = account.credentials as string[]
  const credentials = all.filter(isLoginKind).toSorted((a, b) => early(b) - early(a))
  if (credentials.length === 0 && all.length > 0) return fail({ code: 'rotation.brought_in', account: String(account.name) })
  if (credentials.length === 0) return fail({ code: 'rotation.nothing_to_rotate', account: String(account.name) })
  const other = otherWayIn(String(account.name), t)
  if (other !== undefined && order.as !== 'reconciler') {
    const id = await deps.db.transaction().execute((tx) => accountNamed(tx, target, other))
    if (await otherInDoubt(deps, id)) return fail({ code: 'rotation.other_in_doubt', other })
  }
  const done: RotationRow[] = []
  for (const credential of credentials) {
    const rotated = await rotateCredential(deps, {
      target: { id: target, open: order.together?.share(open.value) ?? open.value, identity: t.identity as Record<string, string> },
      account: { id: order.account, name: String(account.name) },
      credential,
      otherwise: all.some((kind) => isProofKind(kind) && !isLoginKind(kind)),
      trigger: order.trigger,
      reason: order.reason,
      by: order.by,
      as: order.as ?? 'manager',
      ...(order.together && { together: order.together }),
    })
    if (!rotated.ok) return rotated
    done.push(rotated.value)
  }
  const managed = account.state === 'found' ? await markManaged(deps, order, target) : ok(undefined)
  return managed.ok ? ok(done) : managed
}

/** Of an account that gets into its target to manage it: the other one that does. */
function otherWayIn(account: string, t: { manager?: unknown; reconciler?: unknown }): string | undefined {
  if (typeof t.reconciler !== 'string') return undefined
  if (account === t.manager) return t.reconciler
  return account === t.reconciler ? String(t.manager) : undefined
}

const isOpen = async ({ db }: RotateDeps, account: AccountId, target: TargetId): Promise<boolean> =>
  (await db.transaction().execute((tx) => openRotationsByTarget(tx, target))).some((open) => open.account === account)

/** Only we know its credentials from now on. Done already: nothing to do. */
async function markManaged(
  { audit, keeper }: RotateDeps,
  { account, by }: Ordered,
  target: TargetId,
): Promise<Result<void, RotationError>> {
  return await audit.act<void, RotationError>({ act: 'rotation.manage', by, about: { account } }, async ({ tx, record }) => {
    const row = await lockAccount(tx, account)
    if (row?.state !== 'found') return ok(undefined)
    const managed = { ...row, state: 'managed', revision: row.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'account', revision: managed.revision, row: { ...managed } }], { by: 'system' })
    if (!attested.ok) return attested
    await updateAccount(tx, managed, attested.value.macOf(account))
    await record(accountManaged({ account, target }), attested.value.attestations)
    return ok(undefined)
  })
}
