import type { Keeper } from '../../keeper/client.ts'
import type { EntryId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { CredentialKind, Login, OpenTarget, PinnedIdentity } from '../../targets/contract.ts'
import type { Audit } from '../audit/index.ts'
import type { RotationError } from './errors.ts'
import { impostorSeen, rotationBegun, rotationDone, rotationFailed } from './events.ts'
import { insertRotation, openRotation, type Progress, progress, type RotationRow, type Trigger } from './rotation.store.ts'
import { managerLogin, rotationLogin } from './secrets.ts'

export interface RotateDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  now: () => Date
}

export interface Rotated {
  target: { id: TargetId; open: OpenTarget; identity: PinnedIdentity }
  account: { id: RotationRow['account_id']; name: string }
  credential: CredentialKind
  trigger: Trigger
  reason: string
  by: PersonId | null
}

/**
 * Replaces one credential: candidate stored and escrowed → set on the target → proven by a fresh login → other ways in closed →
 * the old one refused → promoted. Each step may be repeated. A crash between any two leaves a credential in the vault that works:
 * until `promote` the old one is current and the candidate is kept, and the next run offers the same candidate again.
 */
export async function rotateCredential(deps: RotateDeps, what: Rotated): Promise<Result<RotationRow, RotationError>> {
  const begun = await begin(deps, what)
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
    await record(rotationFailed({ rotation: row.id, account: what.account.id, credential: what.credential, step, code: error.code }), [], {
      phase: 'outcome',
      intent,
    })
    return ok(undefined)
  })
  return fail(error)
}

/** The row and the intent, or those of a run that a crash cut off. */
async function begin(
  { audit, keeper, now }: RotateDeps,
  what: Rotated,
): Promise<Result<{ row: RotationRow; intent: EntryId }, RotationError>> {
  const { account, credential, trigger, reason, by, target } = what
  const begun = await audit.act<{ row: RotationRow; intent: EntryId }, RotationError>(
    { act: 'rotation.begin', by, about: { account: account.id } },
    async ({ tx, record }) => {
      const open = await openRotation(tx, account.id, credential)
      const row: RotationRow = open
        ? { ...open, attempt: open.attempt + 1 }
        : {
            id: newId('rot'),
            account_id: account.id,
            credential,
            trigger,
            state: 'prepared',
            attempt: 1,
            intent: null,
            version: 0,
            reason,
            started_at: now(),
          }
      if (!open) await insertRotation(tx, row)
      if (open?.intent) {
        const cutOff = rotationFailed({ rotation: row.id, account: account.id, credential, step: open.state, code: 'rotation.cut_off' })
        await record(cutOff, [], { phase: 'outcome', intent: open.intent })
      }
      const intent = await record(
        rotationBegun({ rotation: row.id, account: account.id, target: target.id, credential, trigger, reason }),
        [],
        { phase: 'intent' },
      )
      await progress(tx, row.id, { attempt: row.attempt, state: 'prepared', intent })
      return ok({ row, intent })
    },
  )
  if (!begun.ok) return begun
  const prepared = await keeper.ask('prepareRotation', { rotation: begun.value.row.id, account: account.id, credential })
  return prepared.ok ? ok({ ...begun.value, row: { ...begun.value.row, version: prepared.value.version } }) : prepared
}

type Failed = { error: RotationError; step: string }

async function run(deps: RotateDeps, what: Rotated, row: RotationRow, intent: EntryId): Promise<Result<void, Failed>> {
  const { db, keeper, now } = deps
  const { target, account, credential } = what
  const { open, identity } = target
  const failed = (step: string) => (error: RotationError) => fail({ error, step })
  const mark = (step: Progress) => db.transaction().execute((tx) => progress(tx, row.id, step))
  const logins: Login[] = []
  const hold = (login: Login): Login => {
    logins.push(login)
    return login
  }
  const fresh = async (which: 'candidate' | 'current' | 'previous') => await rotationLogin(keeper, row.id, intent, which, account.name)

  try {
    const manager = await managerLogin(keeper, target.id, intent)
    if (!manager.ok) return failed('log in')(manager.error)
    hold(manager.value)
    const candidate = await fresh('candidate')
    if (!candidate.ok) return failed('prepare')(candidate.error)
    await mark({ version: row.version })
    const next = hold(candidate.value)
    const changed = await open.rotate?.(identity, manager.value, account.name, next.credential)
    if (!changed) return failed('change')({ code: 'rotation.not_supported', kind: open.kind })
    // refused: perhaps an earlier run got through and the manager is this very account; then the candidate opens
    if (!changed.ok && (changed.error.code !== 'target.login_refused' || manager.value.account !== account.name))
      return failed('change')(changed.error)
    await mark({ state: 'changed' })

    const works = await open.verify(identity, next)
    if (!works.ok) return failed('verify')(changed.ok ? works.error : changed.error)
    const verifiedAt = now()
    await mark({ state: 'verified', verified_at: verifiedAt })

    const removed = await closeOthers(what, manager.value, next)
    if (!removed.ok) return failed('close other ways in')(removed.error)
    const current = await fresh('current')
    if (current.ok) hold(current.value)
    // promoted already, by a run that a crash cut off just then: what it replaced is the one before
    const old = current.ok && current.value.version === candidate.value.version ? await fresh('previous') : current
    const dead = old.ok ? await open.verify(identity, hold(old.value)) : undefined
    const oldRefusedAt = dead && !dead.ok && dead.error.code === 'target.login_refused' ? now() : undefined

    const promoted = await keeper.ask('promote', { rotation: row.id })
    if (!promoted.ok) return failed('promote')(promoted.error)
    const version = promoted.value.version
    await deps.audit.act<void, RotationError>({ act: 'rotation.finish', by: what.by }, async ({ tx, record }) => {
      await progress(tx, row.id, {
        state: 'done',
        version,
        removed: [...removed.value],
        finished_at: now(),
        ...(oldRefusedAt && { old_refused_at: oldRefusedAt }),
        ...(dead?.ok && { error: 'rotation.old_still_works' }),
      })
      const event = rotationDone({
        rotation: row.id,
        account: account.id,
        credential,
        version,
        verifiedAt: verifiedAt.toISOString(),
        oldRefusedAt: oldRefusedAt?.toISOString() ?? null,
        removed: [...removed.value],
      })
      await record(event, [], { phase: 'outcome', intent })
      return ok(undefined)
    })
    return dead?.ok ? failed('old credential')({ code: 'rotation.old_still_works', account: account.name, credential }) : ok(undefined)
  } finally {
    for (const login of logins) login.credential.secret.wipe()
  }
}

/** Removes foreign keys, logged in as the manager; when its credential is the very one that was just replaced, with the new one. */
async function closeOthers(
  { target, account, credential }: Rotated,
  manager: Login,
  next: Login,
): Promise<Result<readonly string[], RotationError>> {
  const { open, identity } = target
  const replaced = manager.account === account.name && manager.credential.kind === credential
  return open.closeOthers ? await open.closeOthers(identity, replaced ? next : manager, account.name, next.credential) : ok([])
}
