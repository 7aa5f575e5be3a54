import type pg from 'pg'
import { z } from 'zod'
import type { KeeperFolder } from '../state/folder.ts'
import { locations } from '../vault/locations.ts'
import { putRecord } from './installation.store.ts'
import { checkValue, recordKey, writeRecord } from './installation.ts'
import { recordFile } from './installation-state.ts'
import { kindOf } from './kinds/kinds.ts'

const identityShape = z.strictObject({ log: z.string(), epoch: z.int().min(1), signer: z.base64() })
const setupShape = z.strictObject({ open: z.boolean() })

/** A folder from before there were records had `identity.json` and `setup.json`, and the seal was always `dev`. They become the record. */
export async function takeOverEarlierFolder(pool: pg.Pool, folder: KeeperFolder): Promise<void> {
  const identity = folder.read('identity.json')
  if (!identity || folder.read(recordFile)) return
  const setup = folder.read('setup.json')
  const opened = await kindOf('dev').open?.({ kind: 'dev' }, { folder })
  if (!opened?.ok) throw new Error(opened?.error.message)
  const root = opened.value
  const record = writeRecord(recordKey(root), {
    v: 1,
    revision: 1,
    ...identityShape.parse(JSON.parse(identity.toString('utf8'))),
    setupOpen: setup ? setupShape.parse(JSON.parse(setup.toString('utf8'))).open : true,
    seal: { kind: 'dev' },
    check: checkValue(root),
    locations: [...locations],
  })
  root.fill(0)
  await putRecord(pool, record.facts.revision, record.text, () => false)
  folder.write(recordFile, record.text)
}
