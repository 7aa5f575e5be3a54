import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperFolder } from './folder.ts'

/** Protects the root key. `dev` keeps it in a file beside the data it protects: for trying Claviger out, never for real credentials. */
export interface Seal {
  kind: 'dev'
  rootKey(): Buffer
}

export function devSeal(folder: KeeperFolder): Seal {
  const file = 'dev-root.key'
  const existing = folder.read(file)
  if (existing && existing.length !== 32)
    throw new Error(
      `${folder.path(file)} is not a root key of ours (32 bytes). Restore it from a backup: without it nothing in the vault opens.`,
    )
  const key = existing ?? randomSecretBytes(32)
  if (!existing) folder.write(file, key)
  return { kind: 'dev', rootKey: () => key }
}
