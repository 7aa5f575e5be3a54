import type { AccountId, EntryId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import type { RotateDeps, Rotated } from './deps.ts'
import type { RotationError } from './errors.ts'
import { healthOf, inDoubt, markRefused, markSent } from './health.store.ts'
import type { RotationRow } from './rotation.store.ts'
import { isRefusal } from './rules.ts'
import { managerLogin, newerVersions, rotationLogin, type VaultLogin } from './secrets.ts'

/** Who logged in to set the candidate, and whether the login with the candidate itself has been seen to work by that. */
export interface SetBy {
  login: VaultLogin
  oldValidUntil?: Date
}

type Step = (step: string) => (error: RotationError) => Result<never, { error: RotationError; step: string }>

/**
 * Sets the candidate on the target, with at most one login that the target may refuse, and never with one that it refused before. `hold` takes
 * what is to be wiped.
 *
 * Another account than this one does it wherever there is one: then nothing about this account's credential needs to be known. An account that
 * manages its target logs in with its own. What that is, a change that was cut off leaves open: then the candidate comes first, since the target
 * was to hear of it; else the current one, and after that was refused the previous (a machine that was put back). Where the escrow brought several
 * that the database did not know, each of them follows, the newest first. One each attempt.
 */
export async function setOnTarget(
  deps: RotateDeps,
  what: Rotated,
  row: RotationRow,
  intent: EntryId,
  next: VaultLogin<CredentialKind>,
  hold: <L extends VaultLogin>(login: L) => L,
  failed: Step,
): Promise<Result<SetBy, { error: RotationError; step: string }>> {
  const { db, keeper, now } = deps
  const { target, account, credential, as } = what
  const { open, identity } = target
  const inTx = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(fn)
  const refuse = (id: AccountId, login: VaultLogin) => inTx((tx) => markRefused(tx, id, login.credential.kind, login.version, now()))

  const ask = () => managerLogin(keeper, target.id, intent, as)
  const manager = await (what.together?.manager(as, ask) ?? ask())
  if (!manager.ok) return failed('log in')(manager.error)
  hold(manager.value)
  const own = manager.value.id === account.id && manager.value.credential.kind === credential

  const change = async (login: VaultLogin): Promise<Result<SetBy, RotationError>> => {
    if (!open.rotate) return fail({ code: 'rotation.not_supported', kind: open.kind })
    await markSent(db, { account: account.id, credential, rotation: row.id, version: next.version })
    const changed = await open.rotate(identity, login, account.name, next.credential)
    return changed.ok ? ok({ login, ...changed.value }) : changed
  }

  if (!own) {
    const { id, account: name } = manager.value
    const doubtful: RotationError =
      as === 'reconciler'
        ? { code: 'rotation.reconciler_refused', reconciler: name }
        : { code: 'rotation.waits_for_manager', manager: name, id }
    const health = await healthOf(db, { account: id, credential: manager.value.credential.kind })
    if (health.refused.includes(manager.value.version) || health.sent !== undefined) return failed('log in')(doubtful)
    const changed = await change(manager.value)
    if (changed.ok || !isRefusal(changed.error.code)) return changed.ok ? changed : failed('change')(changed.error)
    // its own order finds out what became of it: N accounts must not cost it N refused logins
    await refuse(id, manager.value)
    return failed('log in')(doubtful)
  }

  const health = await healthOf(db, { account: account.id, credential })
  const order = health.sent === next.version ? (['candidate', 'current', 'previous'] as const) : (['current', 'previous'] as const)
  const possible: { which: (typeof order)[number] | 'escrowed'; login: VaultLogin }[] = []
  for (const which of order) {
    const login = which === 'candidate' ? ok(next) : await rotationLogin(keeper, row.id, intent, which, account.name)
    if (!login.ok) continue
    if (login.value !== next) hold(login.value)
    const known = possible.some((p) => p.login.version === login.value.version)
    if (!known && !health.refused.includes(login.value.version)) possible.push({ which, login: login.value })
  }
  const tryable = (version: number) => !health.refused.includes(version) && !possible.some((p) => p.login.version === version)
  if (next.earlier && tryable(next.version)) possible.push({ which: 'candidate', login: next })
  for (const version of await newerVersions(keeper, account.id, credential)) {
    if (version === next.version || !tryable(version)) continue
    const login = await rotationLogin(keeper, row.id, intent, 'previous', account.name, version)
    if (login.ok) possible.push({ which: 'escrowed', login: hold(login.value) })
  }
  const [first, ...others] = possible
  if (!first) return failed('log in')({ code: 'rotation.unknown_credential', account: account.name })
  const tried = first.which === 'candidate' ? await open.verify(identity, next) : await change(first.login)
  if (tried.ok) return ok({ login: first.login, ...tried.value })
  if (!isRefusal(tried.error.code)) return failed('change')(tried.error)
  await refuse(account.id, first.login)
  if (others.length === 0) return failed('log in')({ code: 'rotation.unknown_credential', account: account.name })
  const ours = others.some((o) => o.which !== 'previous')
  return failed('log in')(
    ours ? { code: 'rotation.probing', account: account.name, which: first.which } : { code: 'rotation.drifted', account: account.name },
  )
}

/** Of the two ways into a target only one is ever changed: the other must be known to be good. */
export const otherInDoubt = (deps: RotateDeps, other: AccountId | undefined): Promise<boolean> =>
  other === undefined ? Promise.resolve(false) : deps.db.transaction().execute((tx) => inDoubt(tx, other))
