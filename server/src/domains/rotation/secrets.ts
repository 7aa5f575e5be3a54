import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { EntryId, RotationId, TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Login } from '../../targets/contract.ts'

/** The account that manages a target, with its credential. The caller wipes it. */
export async function managerLogin(keeper: Keeper, target: TargetId, intent: EntryId): Promise<Result<Login, KeeperRefusal>> {
  const answer = await keeper.ask('managerSecret', { target, intent })
  if (!answer.ok) return answer
  const { account, credential, payload } = answer.value
  return ok({
    account,
    credential: {
      kind: credential,
      secret: payload ?? new Secret(new Uint8Array()),
      ...(answer.value.public && { publicKey: answer.value.public }),
    },
  })
}

/** The candidate of a rotation, or what it replaces, with its version in the vault. The caller wipes it. */
export async function rotationLogin(
  keeper: Keeper,
  rotation: RotationId,
  intent: EntryId,
  which: 'candidate' | 'current' | 'previous',
  account: string,
): Promise<Result<Login & { version: number }, KeeperRefusal>> {
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
