import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { AccountId, EntryId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { againAndAgain } from '../../platform/db/again-and-again.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { OpenTarget, SeenLogin } from '../../targets/contract.ts'
import type { Audit } from '../audit/index.ts'
import { type Kinds, lockAccount, updateAccount } from '../inventory/index.ts'
import { evidenceStands, watched, watching } from './events.ts'
import { observedBefore, putLook, toWatch } from './evidence.store.ts'
import { standingOf, watchedDays } from './evidence.ts'

export interface WatchDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  kinds: Kinds
  now: () => Date
  /** Hears of everybody who was seen, also with accounts that are not observed. */
  whenSeen?: (target: TargetId, seen: readonly SeenLogin[], at: Date) => Promise<void>
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Less than the time between two rounds. */
const soonMs = 240_000
const targetsAtOnce = 50

/**
 * Looks once an hour at who logged in on targets with observed accounts, every few minutes where there are accounts for emergencies, and lets go of
 * observed ones whose evidence stands. Answers how many of each.
 */
export async function watchLogins(deps: WatchDeps): Promise<{ looked: number; ended: number }> {
  const { db, now } = deps
  const ago = (ms: number) => new Date(now().getTime() - ms)
  const targets = await toWatch(db, { observed: ago(hourMs), breakGlass: ago(soonMs) }, targetsAtOnce)
  for (const target of targets) await lookAt(deps, target)
  let ended = 0
  const at = now()
  const week = new Date(at.getTime() - watchedDays * dayMs)
  for (const { account, since, days, seen, told } of await observedBefore(db, week, week)) {
    if (standingOf({ observedSince: since, now: at, days, seen, told }) !== 'stands') continue
    if ((await letGo(deps, account, { days, logins: seen.length })).ok) ended += 1
  }
  return { looked: targets.length, ended }
}

async function lookAt(deps: WatchDeps, target: TargetId): Promise<void> {
  const { audit, db, keeper, kinds, now } = deps
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'target', id: target }] })
  if (!vouched.ok) return
  const t = vouched.value.rows[0] as { kind?: unknown; settings?: unknown; identity?: unknown }
  const open = kinds.open(String(t.kind), t.settings)
  // a kind that cannot say who is logged in: a person says what uses its accounts
  if (!open.ok || !open.value.logins) return await db.transaction().execute((tx) => putLook(tx, target, now(), undefined))
  const logins = open.value.logins
  const cutShort = watched({ target, code: 'onboarding.cut_short', logins: 0 })
  await audit.look({ begun: watching({ target }), cutShort, by: null }, async (intent) => {
    const seen = await ask(deps, target, intent, logins, t.identity as Record<string, string>)
    const at = now()
    await audit.act<void, KeeperRefusal>({ act: 'onboarding.watch', by: null, about: { target } }, async ({ tx, record }) => {
      await putLook(tx, target, at, seen.ok ? seen.value : undefined)
      const event = watched({ target, code: seen.ok ? null : seen.error.code, logins: seen.ok ? seen.value.length : 0 })
      await record(event, [], { phase: 'outcome', intent })
      return ok(undefined)
    })
    if (seen.ok) await deps.whenSeen?.(target, seen.value, at)
  })
}

async function ask(
  { keeper }: WatchDeps,
  target: TargetId,
  intent: EntryId,
  logins: NonNullable<OpenTarget['logins']>,
  identity: Record<string, string>,
): Promise<Result<readonly SeenLogin[], { code: string }>> {
  const manager = await keeper.ask('managerSecret', { target, intent })
  if (!manager.ok) return fail({ code: manager.error.code })
  const { account, credential: kind, public: publicKey, payload } = manager.value
  const secret = payload ?? new Secret(new Uint8Array())
  try {
    return await logins(identity, { account, credential: { kind, secret, ...(publicKey && { publicKey }) } })
  } finally {
    secret.wipe()
  }
}

async function letGo(
  { audit, keeper }: WatchDeps,
  account: AccountId,
  why: { days: number; logins: number },
): Promise<Result<void, KeeperRefusal>> {
  return await audit.act<void, KeeperRefusal>({ act: 'onboarding.let_go', by: null, about: { account } }, async ({ tx, record }) => {
    const row = await lockAccount(tx, account)
    if (!row?.observed_since) return ok(undefined)
    const changed = { ...row, observed_since: null, revision: row.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'account', revision: changed.revision, row: { ...changed } }], { by: 'system' })
    if (!attested.ok) return attested
    await updateAccount(tx, changed, attested.value.macOf(account))
    await record(evidenceStands({ account, target: row.target_id, ...why }), attested.value.attestations)
    return ok(undefined)
  })
}

const everyMs = 300_000

/** Does so again and again, on one server at a time. */
export const keepWatching = (deps: WatchDeps & { log: (line: string) => void }): { stop(): Promise<void> } =>
  againAndAgain({
    ...{ db: deps.db, lock: 'claviger/onboarding/watching', everyMs },
    work: () => watchLogins(deps),
    failed: (error) => deps.log(`logins could not be looked at: ${error instanceof Error ? error.message : String(error)}`),
  })
