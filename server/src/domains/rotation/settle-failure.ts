import type { TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { randomFraction } from '../../platform/crypto/random.ts'
import type { Act } from '../audit/index.ts'
import type { OrderDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { accountHeldAlarm, credentialDrift, rotationAlert, rotationEscalated } from './events.ts'
import { holdInTx } from './hold-account.ts'
import { changeOrder, lockOrder, type OrderRow, openOrder, putOrder } from './order.store.ts'
import { targetWays } from './rotation.store.ts'
import { escalatesAt, failingOf, type Next, nextOf, pauseAfter, tellsOf } from './rules.ts'

/** What waits for somebody else is looked at again after so long, should nobody bring it forward. */
const waitMs = 30_000

/** What becomes of an order after a failure, in one transaction with who is told of it. Answers the order as it stands then. */
export async function settleFailure(
  deps: OrderDeps,
  tried: OrderRow,
  target: TargetId,
  error: RotationError,
): Promise<Result<OrderRow, RotationError>> {
  const { audit, now, retryMs } = deps
  const { id, account_id: account } = tried
  const counted = !['waits', 'not ours'].includes(failingOf(error.code))
  const failures = tried.failures + Number(counted)
  return await audit.act<OrderRow, RotationError>({ act: 'rotation.settle', by: null, about: { account } }, async (act) => {
    const { tx } = act
    const ways = await targetWays(tx, account)
    const reconciler = ways.reconciler !== null && ways.reconciler !== ways.account
    const next = nextOf({
      ...{ code: error.code, failures, reconciler, reconciled: tried.reconcile },
      compromised: tried.trigger === 'compromise',
    })
    const due = dueOf(next, now(), failures, retryMs)
    await changeOrder(tx, id, {
      ...{ failures, error: error.code, due_at: due },
      ...(next.do === 'hold' && { state: 'held' }),
      ...(next.do === 'end' && { state: 'done', finished_at: now() }),
      ...(next.do === 'retry' && { reconcile: next.by === 'reconciler' }),
      ...(next.do === 'reconcile' && { reconcile: true }),
    })
    const told = { order: id, account, target, failures, code: error.code, nextAt: next.do === 'hold' ? null : due.toISOString() }
    const tells = counted ? [...tellsOf(failures)] : []
    const alarm = { phase: 'alarm' } as const
    if (failures === escalatesAt && counted) await act.record(rotationEscalated({ ...told, tells, itsmTicket: 'wanted' }), [], alarm)
    else if (tells.length > 0) await act.record(rotationAlert({ ...told, tells }), [], alarm)
    if (next.do === 'hold' || ('hold' in next && next.hold)) {
      const held = await holdInTx(deps.keeper, tx, account)
      if (!held.ok) return held
      const event = accountHeldAlarm({ account, target, code: error.code, tells: ['owner', 'security'] })
      if (held.value) await act.record(event, held.value.attestations, alarm)
    }
    if (error.code === 'rotation.waits_for_manager' && 'manager' in error) await orderManager(deps, act, target, error)
    return ok((await lockOrder(tx, id)) as OrderRow)
  })
}

const dueOf = (next: Next, at: Date, failures: number, retryMs: number): Date => {
  const ms = { wait: waitMs, retry: pauseAfter(failures, retryMs, randomFraction()), reconcile: 0, hold: 0, end: 0 }[next.do]
  return new Date(at.getTime() + ms)
}

/** Its own order finds out what became of its credential, and everything else on the target waits for that. */
async function orderManager(
  { now }: OrderDeps,
  act: Act,
  target: TargetId,
  error: Extract<RotationError, { code: 'rotation.waits_for_manager' }>,
): Promise<void> {
  if (await openOrder(act.tx, error.id)) return
  const at = now()
  await putOrder(act.tx, {
    ...{ account: error.id, trigger: 'drift', reason: 'the target refused its credential', by: null },
    ...{ at, due: at },
  })
  await act.record(
    credentialDrift({
      ...{ account: error.id, target, credential: null, version: null, seen: 'target.login_refused', during: 'rotation' },
      tells: ['owner', 'security'],
    }),
    [],
    { phase: 'alarm' },
  )
}
