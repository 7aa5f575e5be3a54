import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { ProofKind } from '../../kernel/credential-kinds.ts'
import type { AccountId, EntryId, RotationId, TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { CredentialKind, Login } from '../../targets/contract.ts'

/** A login with its version in the vault. The caller wipes it. */
export interface VaultLogin<K extends ProofKind = ProofKind> extends Login<K> {
  version: number
  /** It was made for another rotation than the one that asks for it: an escrow brought it back, and the target may have it. */
  earlier?: boolean
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

/**
 * Versions that came after the current one and are not it, the newest first. There are several where an older database was put back: the escrow
 * brought what was made since, and the target may have any of these.
 */
export async function newerVersions(keeper: Keeper, account: AccountId, credential: CredentialKind): Promise<number[]> {
  const answer = await keeper.ask('versions', { accounts: [account] })
  const own = answer.ok ? answer.value.versions.filter((v) => v.credential === credential) : []
  const current = own.find((v) => v.state === 'current')?.version ?? 0
  return own.flatMap((v) => (v.version > current ? [v.version] : [])).sort((a, b) => b - a)
}

/** The candidate of a rotation, or what it replaces; with `version`, exactly that one. */
export async function rotationLogin(
  keeper: Keeper,
  rotation: RotationId,
  intent: EntryId,
  which: 'candidate' | 'current' | 'previous',
  account: string,
  version?: number,
): Promise<Result<VaultLogin<CredentialKind>, KeeperRefusal>> {
  const answer = await keeper.ask('rotationSecret', { rotation, intent, which, ...(version !== undefined && { version }) })
  if (!answer.ok) return answer
  const { credential, payload, version: opened, earlier } = answer.value
  return ok({
    account,
    version: opened,
    earlier,
    credential: {
      kind: credential,
      secret: payload ?? new Secret(new Uint8Array()),
      ...(answer.value.public && { publicKey: answer.value.public }),
    },
  })
}
