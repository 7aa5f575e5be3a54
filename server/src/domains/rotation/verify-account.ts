import type { Keeper } from '../../keeper/client.ts'
import { isLoginKind, isProofKind, type ProofKind } from '../../kernel/credential-kinds.ts'
import type { AccountId, EntryId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Login } from '../../targets/contract.ts'
import type { Act } from '../audit/index.ts'
import { lockAccount } from '../inventory/index.ts'
import { markTried } from './care.store.ts'
import type { OrderDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { credentialDrift, verified, verifying } from './events.ts'
import { markRefused, markSeenWorking, readHealth } from './health.store.ts'
import { inTurn } from './in-turn.ts'
import { openOrder, putOrder } from './order.store.ts'
import { targetOf } from './rotate-account.ts'
import { targetWays } from './rotation.store.ts'
import { isRefusal } from './rules.ts'

export interface Verified {
  credential: ProofKind
  version: number
  /** The target's answer; null where it let us in. */
  code: string | null
}

/**
 * Tries the vault's credentials of an account on its target. One that is refused was changed outside: an alarm, and where the target has a
 * reconciler an order, too. What was refused before is not tried again by the server itself, only at a person's word.
 */
export async function verifyAccount(
  deps: OrderDeps,
  { account, by }: { account: AccountId; by: PersonId | null },
  patienceMs?: number,
): Promise<Result<Verified[], RotationError>> {
  const target = await targetOf(deps, account)
  return target.ok ? await inTurn(deps.db, target.value, () => verifyInTurn(deps, account, target.value, by), patienceMs) : target
}

async function verifyInTurn(
  deps: OrderDeps,
  account: AccountId,
  target: TargetId,
  by: PersonId | null,
): Promise<Result<Verified[], RotationError>> {
  const { keeper, audit, kinds, db, now } = deps
  const vouched = await keeper.ask('vouch', {
    rows: [
      { kind: 'account', id: account },
      { kind: 'target', id: target },
    ],
  })
  if (!vouched.ok) return vouched
  const [a, t] = vouched.value.rows as { name?: unknown; credentials?: unknown; kind?: unknown; settings?: unknown; identity?: unknown }[]
  const open = kinds.open(String(t?.kind), t?.settings)
  if (!open.ok && open.error.code === 'target.not_reached') return fail({ code: 'target.not_reached', kind: String(t?.kind) })
  if (!open.ok) return fail({ code: 'target.settings_invalid', issues: [open.error.code] })
  const begun = verifying({ account, target, trigger: by ? 'person' : 'schedule' })
  const cutShort = verified({ account, target, results: [] })
  return await audit.look({ begun, cutShort, by }, async (intent) => {
    const results: Verified[] = []
    for (const credential of ((a?.credentials ?? []) as string[]).filter(isProofKind)) {
      const login = await currentLogin(keeper, account, String(a?.name), credential, intent)
      // of a kind that the vault holds nothing of
      if (!login) continue
      try {
        const health = await db.transaction().execute((tx) => readHealth(tx, account, credential))
        const known = by === null && health.refused.includes(login.version)
        const works = known ? undefined : await open.value.verify(t?.identity as Record<string, string>, login)
        results.push({ credential, version: login.version, code: !works ? 'target.login_refused' : works.ok ? null : works.error.code })
      } finally {
        login.credential.secret.wipe()
      }
    }
    const settled = await audit.act<void, RotationError>({ act: 'rotation.verify', by, about: { account } }, async (act) => {
      for (const { credential, version, code } of results) {
        if (code === null) await markSeenWorking(act.tx, account, credential, version, now())
        else if (isRefusal(code) && (await markRefused(act.tx, account, credential, version, now())))
          await drifted(deps, act, { account, target, credential, version, code })
      }
      await markTried(act.tx, account, now())
      await act.record(verified({ account, target, results: results.map((r) => ({ ...r })) }), [], { phase: 'outcome', intent })
      return ok(undefined)
    })
    return settled.ok ? ok(results) : settled
  })
}

async function currentLogin(
  keeper: Keeper,
  account: AccountId,
  name: string,
  credential: ProofKind,
  intent: EntryId,
): Promise<(Login & { version: number }) | undefined> {
  const answer = await keeper.ask('verificationSecret', { account, credential, intent })
  if (!answer.ok) return undefined
  const { version, public: publicKey, payload } = answer.value
  const secret = payload ?? new Secret(new Uint8Array())
  return { account: name, version, credential: { kind: credential, secret, ...(publicKey && { publicKey }) } }
}

async function drifted(
  { now }: OrderDeps,
  { tx, record }: Act,
  seen: { account: AccountId; target: TargetId; credential: ProofKind; version: number; code: string },
): Promise<void> {
  const { account, target, credential, version, code } = seen
  const event = { account, target, credential, version, seen: code, during: 'verification', tells: ['owner', 'security'] }
  await record(credentialDrift(event), [], { phase: 'alarm' })
  // nothing of ours makes another one: who brings in the next was told by the alarm
  if (!isLoginKind(credential)) return
  // what may be used by something unknown is replaced at a person's word alone
  if ((await lockAccount(tx, account))?.observed_since) return
  const ways = await targetWays(tx, account)
  if (ways.reconciler === null || (await openOrder(tx, account))) return
  const at = now()
  await putOrder(tx, { ...{ account, trigger: 'drift', reason: 'the target refused its credential', by: null }, ...{ at, due: at } })
}
