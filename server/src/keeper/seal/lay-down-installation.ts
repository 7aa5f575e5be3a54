import type pg from 'pg'
import { newSeed } from '../../platform/crypto/ed25519.ts'
import { randomSecretBytes, randomToken } from '../../platform/crypto/random.ts'
import { seal } from '../../platform/crypto/sealed.ts'
import type { KeeperFolder } from '../state/folder.ts'
import { signerPlace } from '../state/identity.ts'
import { keyFile, keyPlace } from '../vault/location-keys.ts'
import { locations } from '../vault/locations.ts'
import { layDown } from './installation.store.ts'
import { checkValue, type InstallationRecord, recordKey, type SealFacts, writeRecord } from './installation.ts'
import { recordFile } from './installation-state.ts'

/**
 * Makes everything that a fresh installation is born with, under a root key that the caller has and wipes: location keys, ledger signer, the name
 * of its log. The database decides which of two keepers was first. False when it was another one. `instead`: a record that never opened.
 */
export async function layDownInstallation(
  pool: pg.Pool,
  folder: KeeperFolder,
  root: Uint8Array,
  facts: SealFacts,
  instead: InstallationRecord | undefined,
): Promise<boolean> {
  const wrapped = locations.map((name) => {
    const fresh = randomSecretBytes(32)
    const key = { name, wrapped: seal(root, 'root', keyPlace(name, 1), fresh) }
    fresh.fill(0)
    return key
  })
  const seed = newSeed()
  const key = recordKey(root)
  const record = writeRecord(key, {
    v: 1,
    revision: (instead?.facts.revision ?? 0) + 1,
    log: `claviger.dev/ledger/${randomToken(9)}`,
    epoch: 1,
    setupOpen: true,
    seal: facts,
    check: checkValue(root),
    signer: seal(root, 'root', signerPlace, seed).toString('base64'),
    locations: [...locations],
  })
  seed.fill(0)
  key.mac.fill(0)
  if (!(await layDown(pool, record.facts.revision, record.text, wrapped, instead?.text))) return false
  for (const { name, wrapped: bytes } of wrapped) folder.write(keyFile(name, 1), bytes)
  folder.write(recordFile, record.text)
  return true
}
