import type { EntryId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { DepositDeps } from './begin-deposits.ts'
import type { VaultError } from './errors.ts'
import { impostorSeen } from './events.ts'

/**
 * Logs in with a certificate that is brought in, where Claviger reaches its account: one that does not work there is not kept. The target is asked as
 * the keeper vouches for it. An impostor is an alarm, and saw nothing of it.
 */
export async function tryCertificate(
  { keeper, kinds, audit }: Pick<DepositDeps, 'keeper' | 'kinds' | 'audit'>,
  person: PersonId,
  { id, account, intent }: { id: TargetId; account: string; intent: EntryId },
  secret: Secret,
): Promise<Result<void, VaultError>> {
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'target', id }] })
  if (!vouched.ok) return vouched
  const { kind, settings, identity } = vouched.value.rows[0] as { kind: string; settings: unknown; identity: Record<string, string> }
  if (!kinds.reaches(kind)) return ok(undefined)
  const open = kinds.open(kind, settings)
  if (!open.ok) return fail({ code: 'target.settings_invalid', issues: [open.error.code] })
  const tried = await open.value.verify(identity, { account, credential: { kind: 'tls', secret } })
  if (!tried.ok && tried.error.code === 'target.impostor') {
    const { expected, presented } = tried.error
    await audit.note(impostorSeen({ target: id, expected, presented, during: 'bringing in' }), person, { phase: 'alarm', intent })
  }
  return tried
}
