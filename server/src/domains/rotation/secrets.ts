import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { AccountId, EntryId, RotationId, TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Login } from '../../targets/contract.ts'

/** A login with its version in the vault. The caller wipes it. */
export interface VaultLogin extends Login {
  version: number
}

/** The account that manages a target, or its reconciler, with its credential. */
export async function managerLogin(
  keeper: Keeper,
  target: TargetId,
  intent: EntryId,
  as: 'manager' | 'reconciler',
): Promise<Result<VaultLogin & { id: AccountId }, KeeperRefusal>> {
  const answer = await keeper.ask('managerSecret', { target, intent, as })
  if (!answer.ok) return answer
  const { id, account, credential, version, payload } = answer.value
  return ok({
    id: id as AccountId,
    account,
    version,
    credential: {
      kind: credential,
      secret: payload ?? new Secret(new Uint8Array()),
      ...(answer.value.public && { publicKey: answer.value.public }),
    },
  })
}

/** The candidate of a rotation, or what it replaces. */
export async function rotationLogin(
  keeper: Keeper,
  rotation: RotationId,
  intent: EntryId,
  which: 'candidate' | 'current' | 'previous',
  account: string,
): Promise<Result<VaultLogin, KeeperRefusal>> {
  const answer = await keeper.ask('rotationSecret', { rotation, intent, which })
  if (!answer.ok) return answer
  const { credential, payload, version } = answer.value
  return ok({
    account,
    version,
    credential: {
      kind: credential,
      secret: payload ?? new Secret(new Uint8Array()),
      ...(answer.value.public && { publicKey: answer.value.public }),
    },
  })
}
