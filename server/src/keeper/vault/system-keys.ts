import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newSeed, type SigningKey, signingKey } from '../../platform/crypto/ed25519.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { Vault } from './vault.ts'

/** Keys of the product itself: the certificate authority for people's SSH keys, the gateway's host key. */
export type SystemKey = 'user-ca' | 'gateway-host'

const owner = (name: SystemKey) => ({ kind: 'system', id: name, what: 'ed25519-seed' })

/** Makes those that are not there yet. Runs at every start. */
export async function ensureSystemKeys(vault: Vault): Promise<void> {
  for (const name of ['user-ca', 'gateway-host'] as const) {
    if (!(await vault.find(owner(name), 'current')))
      await vault.put(owner(name), 'system', new Secret(newSeed()), { state: 'current', escrow: true })
  }
}

export async function systemSeed(vault: Vault, name: SystemKey): Promise<Result<Secret, KeeperRefusal>> {
  const opened = await vault.openState(owner(name), 'current')
  return opened.ok ? ok(opened.value.secret) : opened
}

export async function systemKey(vault: Vault, name: SystemKey): Promise<Result<SigningKey, KeeperRefusal>> {
  const seed = await systemSeed(vault, name)
  return seed.ok ? ok(await seed.value.use('sign', (bytes) => signingKey(bytes))) : seed
}
