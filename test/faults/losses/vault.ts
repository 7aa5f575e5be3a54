import type pg from 'pg'
import { readRecord } from '../../../server/src/keeper/seal/installation.ts'
import { kindOf } from '../../../server/src/keeper/seal/kinds/kinds.ts'
import { openFolder } from '../../../server/src/keeper/state/folder.ts'
import { openLocationKeys } from '../../../server/src/keeper/vault/location-keys.ts'
import type { VersionRow } from '../../../server/src/keeper/vault/vault.store.ts'
import { createVault } from '../../../server/src/keeper/vault/vault.ts'
import type { Claviger } from '../../support/claviger.ts'

export interface VaultedCredential {
  account: string
  kind: 'password' | 'ssh-key'
  version: number
  /** Undefined when the row does not open. */
  text: string | undefined
}

/**
 * The current credentials of all accounts, opened as the owner of the machine and of its root key may: with the lab's key file, from
 * the rows as they are. No process of the server is asked, so that none can answer from memory.
 */
export async function currentCredentials({ data, superuser }: Claviger): Promise<VaultedCredential[]> {
  const db = await superuser()
  try {
    const pool = { query: async (text: string, values: unknown[]) => ({ rows: await db.sql(text, values) }) } as unknown as pg.Pool
    const folder = openFolder(`${data}/keeper`)
    const record = readRecord(folder.read('installation.json')?.toString('utf8') ?? '')
    if (!record) throw new Error("the keeper's folder has no record of the installation")
    const unchanged = { facts: record.facts, change: () => Promise.reject(new Error('the record is only read')) }
    const root = await kindOf('dev').open?.({ kind: 'dev' }, { folder })
    if (!root?.ok) throw new Error(root?.error.message)
    const keys = await openLocationKeys(pool, folder, root.value, unchanged, () => undefined)
    const vault = createVault({
      pool,
      keys,
      folder,
      now: () => new Date(),
      destroyed: async () => ({ ok: true, value: undefined }),
      marksOf: () => ({ fingerprint: Buffer.alloc(0), likeness: null, bits: null }),
      alarm: () => undefined,
    })
    const rows = await db.sql<VersionRow>(`select * from vault.secret_version where owner_kind = 'account' and state = 'current'`)
    return await Promise.all(
      rows.map(async (row) => {
        const opened = await vault.open(row)
        const text = opened.ok
          ? await opened.value.secret.use('log-in-to-target', (bytes) => Buffer.from(bytes).toString('utf8'))
          : undefined
        return { account: row.owner_id, kind: row.what as VaultedCredential['kind'], version: row.version, text }
      }),
    )
  } finally {
    await db.close()
  }
}
