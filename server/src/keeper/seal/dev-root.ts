import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperFolder } from '../state/folder.ts'

const file = 'dev-root.key'

/**
 * The seal `dev` keeps the root key in a file beside the data that it protects: for trying Claviger out, never for real credentials. It opens by
 * itself at every start. A copy: the caller wipes it.
 */
export function openDevRoot(folder: KeeperFolder): Buffer {
  const key = folder.read(file)
  if (!key)
    throw new Error(
      `${folder.path(file)} is not there, and without it nothing in the vault opens. Put it back from a backup of the keeper's folder.`,
    )
  if (key.length !== 32)
    throw new Error(
      `${folder.path(file)} is not a root key of ours (32 bytes). Restore it from a backup: without it nothing in the vault opens.`,
    )
  return key
}

/** Makes the file for a fresh installation; one that a start before us made, and got no further, is taken. */
export function makeDevRoot(folder: KeeperFolder): Buffer {
  if (folder.read(file)) return openDevRoot(folder)
  const key = randomSecretBytes(32)
  folder.write(file, key)
  return key
}
