import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { readRecord } from '../../../server/src/keeper/seal/installation.ts'
import { kindOf } from '../../../server/src/keeper/seal/kinds/kinds.ts'
import { readShare } from '../../../server/src/keeper/seal/share-text.ts'
import { joinShares } from '../../../server/src/keeper/seal/split-root.ts'
import { openFolder } from '../../../server/src/keeper/state/folder.ts'
import { openLocationKeys } from '../../../server/src/keeper/vault/location-keys.ts'
import type { VersionRow } from '../../../server/src/keeper/vault/vault.store.ts'
import { createVault } from '../../../server/src/keeper/vault/vault.ts'
import type { Claviger } from '../../support/claviger.ts'

export interface VaultedCredential {
  account: string
  kind: 'password' | 'ssh-key'
  version: number
  state: VersionRow['state']
  /** Of a key its public line. */
  public: string | null
  /** Undefined when the row does not open. */
  text: string | undefined
}

/** The current credentials of all accounts. */
export const currentCredentials = (claviger: Claviger): Promise<VaultedCredential[]> => vaultedCredentials(claviger, ['current'])

/**
 * The credentials of all accounts that are in one of these states, the newest first, opened as the owner of the machine and of its root key may: with the lab's key file or shares,
 * from the rows as they are. No process of the server is asked, so that none can answer from memory.
 */
export async function vaultedCredentials(
  { data, superuser }: Pick<Claviger, 'data' | 'superuser'>,
  states: readonly VersionRow['state'][],
): Promise<VaultedCredential[]> {
  const db = await superuser()
  try {
    const pool = { query: async (text: string, values: unknown[]) => ({ rows: await db.sql(text, values) }) } as unknown as pg.Pool
    const folder = openFolder(`${data}/keeper`)
    const record = readRecord(folder.read('installation.json')?.toString('utf8') ?? '')
    if (!record) throw new Error("the keeper's folder has no record of the installation")
    const unchanged = { facts: record.facts, change: () => Promise.reject(new Error('the record is only read')) }
    const keys = await openLocationKeys(pool, folder, await rootKeyOf(data, record.facts.seal.kind), unchanged, () => undefined)
    const vault = createVault({
      ...{ pool, keys, folder, now: () => new Date(), alarm: () => undefined },
      destroyed: async () => ({ ok: true, value: undefined }),
      destroyedRecording: async () => ({ ok: true, value: undefined }),
      marksOf: () => ({ fingerprint: Buffer.alloc(0), likeness: null, bits: null }),
    })
    const rows = await db.sql<VersionRow>(
      `select * from vault.secret_version where owner_kind = 'account' and state = any($1) order by version desc`,
      [states],
    )
    return await Promise.all(
      rows.map(async (row) => {
        const opened = await vault.open(row)
        const text = opened.ok
          ? await opened.value.secret.use('log-in-to-target', (bytes) => Buffer.from(bytes).toString('utf8'))
          : undefined
        const { owner_id: account, what, version, state } = row
        return { account, kind: what as VaultedCredential['kind'], version, state, public: row.public, text }
      }),
    )
  } finally {
    await db.close()
  }
}

async function rootKeyOf(data: string, seal: string): Promise<Buffer> {
  if (seal === 'shamir') {
    const texts = readFileSync(`${data}/lab/seal-shares`, 'utf8').trim().split('\n')
    const shares = texts.slice(0, 2).map((text) => readShare(Buffer.from(text)))
    return await joinShares(shares.flatMap((share) => (share.ok ? [share.value] : [])))
  }
  const root = await kindOf('dev').open?.({ kind: 'dev' }, { folder: openFolder(`${data}/keeper`) })
  if (!root?.ok) throw new Error(root?.error.message)
  return root.value
}
