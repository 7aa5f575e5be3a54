import type { Keeper } from '../../keeper/client.ts'
import type { TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Login, OpenAuthority, OpenTarget, PinnedIdentity } from '../../targets/contract.ts'
import type { Kinds } from '../inventory/index.ts'
import type { VaultError } from './errors.ts'

export interface OpenHost {
  id: TargetId
  name: string
  identity: PinnedIdentity
  target: OpenTarget
  authority: OpenAuthority
}

/** A target, as the keeper vouches for it, of a kind that lets in by certificates. */
export async function openHost(
  { keeper, kinds }: { keeper: Keeper; kinds: Pick<Kinds, 'open'> },
  id: TargetId,
): Promise<Result<OpenHost, VaultError>> {
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'target', id }] })
  if (!vouched.ok) return vouched.error.code === 'keeper.unknown_row' ? fail({ code: 'vault.target_unknown', target: id }) : vouched
  const row = vouched.value.rows[0] as { name: string; kind: string; settings: unknown; identity: PinnedIdentity }
  const open = kinds.open(row.kind, row.settings)
  if (!open.ok || !open.value.authority) return fail({ code: 'vault.no_certificates', kind: row.kind })
  return ok({ id, name: row.name, identity: row.identity, target: open.value, authority: open.value.authority })
}

/** Lends the credential of the account that manages a target, which leaves the keeper for this intent. */
export async function asManager<T>(
  keeper: Keeper,
  target: TargetId,
  intent: string,
  work: (as: Login) => Promise<Result<T, VaultError>>,
): Promise<Result<T, VaultError>> {
  const manager = await keeper.ask('managerSecret', { target, intent })
  if (!manager.ok) return manager
  const { account, credential: kind, public: publicKey, payload } = manager.value
  const secret = payload ?? new Secret(new Uint8Array())
  try {
    return await work({ account, credential: { kind, secret, ...(publicKey && { publicKey }) } })
  } finally {
    secret.wipe()
  }
}
