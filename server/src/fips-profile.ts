import type { Config } from './config.ts'
import { fail, type Result } from './kernel/result.ts'
import { enterFips } from './platform/crypto/fips.ts'

/** Puts the supervisor, and with it every part that it starts, into the FIPS profile; refuses settings that only work outside of it. */
export function enterFipsProfile({ backup, kits }: Pick<Config, 'backup' | 'kits'>): Result<void, string> {
  if (backup.everyMs !== undefined)
    return fail(
      'CLAVIGER_BACKUP_EVERY: backups are files of age (X25519, ChaCha20-Poly1305), which CLAVIGER_FIPS rules out. Take it out, and back up the database and the data folder by means of your own.',
    )
  if (kits.folder !== null)
    return fail(
      'CLAVIGER_KIT_FOLDER: offline kits are made with age (X25519, ChaCha20-Poly1305), which CLAVIGER_FIPS rules out. Take it out.',
    )
  return enterFips()
}
