/*
 * Terminology
 *
 * - SSH authority: signs the certificates with which sessions log in to accounts of targets; one for the whole installation. Another one than that of
 *   the certificates with which people come through the gateway
 */
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newP256Key, p256Point, p256Signer } from '../../platform/crypto/ecdsa.ts'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { fipsInForce } from '../../platform/crypto/fips.ts'
import { ed25519Blob, formatPublicKeyLine, p256Blob, parsePublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import { sshVersions } from '../facts/ssh-rotation.ts'
import { refuse } from '../refuse.ts'
import { findExactly, type VersionRow } from './vault.store.ts'
import type { Vault } from './vault.ts'

export interface SshAuthority {
  version: number
  /** As hosts are given it: `ssh-ed25519 AAAA… comment`. Bound to the key, so that a row with another one does not open. */
  line: string
  blob: Uint8Array
  /** The bare signature, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

export const sshAuthorityOwner = { kind: 'system', id: 'ssh-authority', what: 'ca-key' }

/** A fresh key of the kind that the profile asks for; the public line tells which. */
function newKey(version: number): { secret: Secret; line: string } {
  const comment = `claviger ssh authority ${version}`
  if (fipsInForce()) {
    const { privateKey, publicKey } = newP256Key()
    const blob = p256Blob(p256Point(publicKey))
    return { secret: new Secret(privateKey), line: formatPublicKeyLine({ type: 'ecdsa-sha2-nistp256', blob, comment }) }
  }
  const seed = newSeed()
  const blob = ed25519Blob(signingKey(seed).publicKey)
  return { secret: new Secret(seed), line: formatPublicKeyLine({ type: 'ssh-ed25519', blob, comment }) }
}

/** Adds the version that comes next: the first as what signs, each later one as what will once the hosts trust it. */
export async function addSshAuthority(vault: Vault, version: number): Promise<number> {
  const { secret, line } = newKey(version)
  const state = version === 1 ? 'current' : 'candidate'
  return await vault.put(sshAuthorityOwner, 'system', secret, { state, public: line, escrow: true })
}

/** Makes the first one where there is none. Runs at every start. */
export async function ensureSshAuthority(vault: Vault): Promise<void> {
  if (!(await vault.find(sshAuthorityOwner, 'current'))) await addSshAuthority(vault, 1)
}

export async function openSshAuthority(vault: Vault, row: VersionRow): Promise<Result<SshAuthority, KeeperRefusal>> {
  const opened = await vault.open(row)
  if (!opened.ok) return opened
  const { secret, version } = opened.value
  const line = opened.value.public ?? ''
  const key = parsePublicKeyLine(line)
  if (!key.ok) {
    secret.wipe()
    return refuse('vault.does_not_open', 'The SSH authority has no public key beside it. Restore a backup.')
  }
  const { blob, type } = key.value
  const sign = await secret.use('sign', (bytes) => (type === 'ssh-ed25519' ? signingKey(bytes).sign : p256Signer(bytes).signBare))
  return ok({ version, line, blob, sign })
}

/** One version of it, whatever the database calls its state. */
export async function sshAuthorityOf(
  { vault, pool }: Pick<KeeperContext, 'vault' | 'pool'>,
  version: number,
): Promise<Result<SshAuthority, KeeperRefusal>> {
  const row = await findExactly(pool, sshAuthorityOwner, version)
  return row
    ? await openSshAuthority(vault, row)
    : refuse(
        'vault.no_credential',
        `There is no version ${version} of the SSH authority in the vault. Restore a backup, or restart the server, which makes the first one.`,
      )
}

/** The one that signs: which version that is was attested, and is not what a row of the vault says of itself. */
export async function sshAuthority(context: Pick<KeeperContext, 'vault' | 'pool' | 'facts'>): Promise<Result<SshAuthority, KeeperRefusal>> {
  const inForce = await sshVersions(context.facts)
  return inForce.ok ? await sshAuthorityOf(context, inForce.value.current) : inForce
}
