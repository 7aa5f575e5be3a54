import type { EntryId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { CredentialKind, Login } from '../../targets/contract.ts'
import { beginRotation } from './begin-rotation.ts'
import type { RotateDeps, Rotated } from './deps.ts'
import type { RotationError } from './errors.ts'
import { impostorSeen, rotationFailed } from './events.ts'
import { finishRotation } from './finish-rotation.ts'
import { type Health, healthOf, markRefused } from './health.store.ts'
import { leaveOutCredential } from './leave-out-credential.ts'
import { noteStep, noteStepSoon, progress, type RotationRow, type StepDone } from './rotation.store.ts'
import { isRefusal } from './rules.ts'
import { rotationLogin, type VaultLogin } from './secrets.ts'
import { setOnTarget } from './set-on-target.ts'

/**
 * Replaces one credential: candidate stored and escrowed → set on the target → proven by a fresh login → other ways in closed →
 * the old one refused → promoted. Each step may be repeated. A crash between any two leaves a credential in the vault that works:
 * until `promote` the old one is current and the candidate is kept, and the next run offers the same candidate again.
 */
export async function rotateCredential(deps: RotateDeps, what: Rotated): Promise<Result<RotationRow, RotationError>> {
  const begun = await beginRotation(deps, what)
  if (!begun.ok) return begun
  const { row, intent } = begun.value
  const steps = await run(deps, what, row, intent)
  const at = deps.now()
  if (steps.ok) return ok({ ...row, state: 'done' })
  const { error, step } = steps.error
  // no failure: the seal was closed in the middle. It stays open, and is finished after the next unseal
  if (error.code === 'keeper.sealed') return fail(error)
  if (error.code === 'target.impostor' && 'expected' in error) {
    await deps.audit.note(
      impostorSeen({ target: what.target.id, expected: error.expected, presented: error.presented, during: 'rotation' }),
      what.by,
      { phase: 'alarm', intent },
    )
  }
  await deps.audit.act<void, RotationError>({ act: 'rotation.fail', by: what.by }, async ({ tx, record }) => {
    await progress(tx, row.id, { state: 'failed', finished_at: at, error: error.code })
    const left = error.code === 'rotation.not_asked_for' ? await leaveOutCredential(deps, tx, what) : ok([])
    if (!left.ok) return left
    const event = rotationFailed({ rotation: row.id, account: what.account.id, credential: what.credential, step, code: error.code })
    await record(event, left.value, {
      phase: 'outcome',
      intent,
    })
    return ok(undefined)
  })
  return fail(error)
}

type Failed = { error: RotationError; step: string }

async function run(deps: RotateDeps, what: Rotated, row: RotationRow, intent: EntryId): Promise<Result<void, Failed>> {
  const { db, keeper, now } = deps
  const { target, account, credential } = what
  const { open, identity } = target
  const failed = (step: string) => (error: RotationError) => fail({ error, step })
  const noted: Promise<unknown>[] = []
  /** One that goes alone waits for it; of several that go together it is there before the end, and meanwhile the target is not kept waiting. */
  const note = async (step: Omit<StepDone, 'id'>): Promise<void> => {
    const done = (what.together ? noteStepSoon : noteStep)(db, { id: row.id, ...step })
    noted.push(done)
    done.catch(() => undefined)
    // until when the old one opens the target says once
    if (!what.together || step.old_valid_until) await done
  }
  const logins: Login[] = []
  const hold = <L extends Login>(login: L): L => {
    logins.push(login)
    return login
  }

  try {
    const [candidate, current, health] = await Promise.all([
      rotationLogin(keeper, row.id, intent, 'candidate', account.name),
      rotationLogin(keeper, row.id, intent, 'current', account.name),
      healthOf(db, { account: account.id, credential }),
    ])
    if (current.ok) hold(current.value)
    if (!candidate.ok) return failed('prepare')(candidate.error)
    const next = hold(candidate.value)
    const set = await setOnTarget(deps, what, row, intent, next, hold, failed)
    if (!set.ok) return set
    const oldValidUntil = set.value.oldValidUntil ?? row.old_valid_until ?? undefined
    await note({ state: 'changed', ...(oldValidUntil && { old_valid_until: oldValidUntil }) })

    // whoever logged in with the candidate itself has proven it
    const works = set.value.login === next ? ok(undefined) : await open.verify(identity, next)
    if (!works.ok) {
      if (what.otherwise && works.error.code === 'target.login_refused' && works.error.unasked)
        return failed('verify')({ code: 'rotation.not_asked_for', account: account.name, credential })
      if (isRefusal(works.error.code)) await db.transaction().execute((tx) => markRefused(tx, account.id, credential, next.version, now()))
      return failed('verify')(works.error)
    }
    const verifiedAt = now()
    await note({ state: 'verified', verified_at: verifiedAt })

    const removed = await closeOthers(what, set.value.login, next)
    if (!removed.ok) return failed('close other ways in')(removed.error)
    // it would work until then, as the target says, and prove nothing: it is tried after that
    const old: Old =
      oldValidUntil && oldValidUntil > now() ? { works: false } : await tryOld(deps, what, row, intent, next, current, health, hold)

    await Promise.all(noted)
    await what.together?.arrive()
    const promoted = await keeper.ask('promote', { rotation: row.id })
    if (!promoted.ok) return failed('promote')(promoted.error)
    const version = promoted.value.version
    const finished = await finishRotation(deps.audit, {
      ...{ id: row.id, what, intent, version, verifiedAt, at: now(), oldValidUntil, oldRefusedAt: old.refusedAt },
      ...{ removed: removed.value, error: old.works ? 'rotation.old_still_works' : null },
    })
    if (!finished.ok) return failed('finish')(finished.error)
    return old.works ? failed('old credential')({ code: 'rotation.old_still_works', account: account.name, credential }) : ok(undefined)
  } finally {
    // what is noted late would say of one that failed that it goes on
    await Promise.allSettled(noted)
    for (const login of logins) login.credential.secret.wipe()
  }
}

/** Removes foreign keys, logged in as whoever set the candidate; when that credential is the very one that was just replaced, with the new one. */
async function closeOthers(
  { target, account, credential }: Rotated,
  by: Login,
  next: Login<CredentialKind>,
): Promise<Result<readonly string[], RotationError>> {
  const { open, identity } = target
  const replaced = by.account === account.name && by.credential.kind === credential
  return open.closeOthers ? await open.closeOthers(identity, replaced ? next : by, account.name, next.credential) : ok([])
}

interface Old {
  works: boolean
  refusedAt?: Date
}

/** The one before should be refused. One that was refused already is not tried again: it would only count against the account. */
async function tryOld(
  { keeper, now }: RotateDeps,
  { target, account }: Rotated,
  row: RotationRow,
  intent: EntryId,
  next: VaultLogin,
  current: Result<VaultLogin, unknown>,
  health: Health,
  hold: (login: VaultLogin) => VaultLogin,
): Promise<Old> {
  // promoted already, by a run that a crash cut off just then: what it replaced is the one before
  const promoted = current.ok && current.value.version === next.version
  const old = promoted ? await rotationLogin(keeper, row.id, intent, 'previous', account.name) : current
  if (!old.ok) return { works: false }
  hold(old.value)
  if (health.refusedAt && health.refused.includes(old.value.version)) return { works: false, refusedAt: health.refusedAt }
  const dead = await target.open.verify(target.identity, old.value)
  if (dead.ok) return { works: true }
  return dead.error.code === 'target.login_refused' ? { works: false, refusedAt: now() } : { works: false }
}
