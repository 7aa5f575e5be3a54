import { attest } from '../../keeper/attest-rows.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { holdLock } from '../../platform/db/hold-lock.ts'
import { explainVault, type VaultError } from './errors.ts'
import { sshAuthorityReplaced, sshRotationDone } from './events.ts'
import {
  countWaiting,
  forgetTries,
  hostsDue,
  lockSshRotation,
  noteTry,
  putSshRotation,
  readSshRotation,
  type SshRotationRow,
} from './ssh-rotation.store.ts'
import { type TrustDeps, trustAuthority } from './trust-authority.ts'

const lookMs = 15_000
const hostsAtOnce = 8
const firstPauseMs = 15_000
const longestPauseMs = 15 * 60_000

/**
 * Takes the rotation of the SSH authority as far as it goes now: the keeper does what the step says, hosts whose time has come are told, and when none
 * is waited for, the next step begins. Where it was cut off, it goes on: each part may be done twice. Answers whether it is over.
 */
export async function goOnWithSshRotation(deps: TrustDeps, over: () => boolean = () => false): Promise<boolean> {
  while (!over()) {
    const row = await readSshRotation(deps.db)
    if (!row) return true
    const moved = await deps.keeper.ask('moveSshAuthority', {})
    if (!moved.ok) return false
    if (row.step === 'done') return true
    await tellHosts(deps, row, over)
    if (over() || (await countWaiting(deps.db, row)) > 0) return false
    if (!(await nextStep(deps)).ok) return false
  }
  return false
}

async function tellHosts(deps: TrustDeps, row: SshRotationRow, over: () => boolean): Promise<void> {
  for (;;) {
    const due = over() ? [] : await hostsDue(deps.db, row, deps.now(), hostsAtOnce)
    if (due.length === 0) return
    await Promise.all(
      due.map(async ({ target_id: target, by_hand: byHand, tries }) => {
        const told = await trustAuthority(deps, null, target, { byHand })
        if (told.ok) return
        const pause = Math.min(firstPauseMs * 2 ** Math.min(tries, 10), longestPauseMs)
        await noteTry(deps.db, target, new Date(deps.now().getTime() + pause), explainVault(told.error).body.message)
      }),
    )
  }
}

async function nextStep({ audit, keeper, now }: TrustDeps): Promise<Result<void, VaultError>> {
  return await audit.act<void, VaultError>({ act: 'vault.ssh_rotation_step', by: null }, async ({ tx, record }) => {
    const before = await lockSshRotation(tx)
    if (!before || before.step === 'done' || (await countWaiting(tx, before)) > 0) return ok(undefined)
    const step = before.step === 'telling' ? 'signing' : 'done'
    const row: SshRotationRow = { ...before, step, revision: before.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'ssh_rotation', revision: row.revision, row: { ...row } }], { by: 'system' })
    if (!attested.ok) return attested
    await putSshRotation(tx, row, attested.value.macOf(row.id), now())
    await forgetTries(tx)
    const [old, authority, leftOut] = [before.old_version, before.new_version, before.left_out.map(({ target }) => target)]
    const event = step === 'signing' ? sshAuthorityReplaced({ old, authority, leftOut }) : sshRotationDone({ old, authority, leftOut })
    await record(event, attested.value.attestations)
    return ok(undefined)
  })
}

export interface SshRotating {
  /** Now, and not only at the next look. */
  look(): void
  stop(): Promise<void>
}

/** Looks after it as long as the server runs, on one server at a time. */
export function startSshRotation(deps: TrustDeps & { log: (line: string) => void }): SshRotating {
  let over = false
  /** The revision of the last one that is over, also its keys. */
  let settled = 0
  let again = false
  let looking: Promise<unknown> | undefined
  const look = () => {
    if (over) return
    if (looking) {
      again = true
      return
    }
    looking = readSshRotation(deps.db)
      .then(async (row) => {
        if (!row || row.revision === settled) return
        const ran = await holdLock(deps.db, 'claviger/vault/ssh-rotation', 0, () => goOnWithSshRotation(deps, () => over))
        if (ran.ok && ran.value && row.step === 'done') settled = row.revision
      })
      .catch((error: unknown) => deps.log(`the SSH authority could not be looked after, trying again: ${String(error)}`))
      .finally(() => {
        looking = undefined
        if (again) {
          again = false
          look()
        }
      })
  }
  const timer = setInterval(look, lookMs)
  look()
  return {
    look,
    async stop() {
      over = true
      clearInterval(timer)
      await looking
    },
  }
}
