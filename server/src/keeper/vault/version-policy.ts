import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactReader } from '../facts/fact-reader.ts'

/** There is one, for the whole installation. */
export const versionPolicyId = 'vpl_0000000000'

/** How many replaced versions of a credential are kept, and how many days at least. */
export interface VersionPolicy {
  keep: number
  days: number
}

/** As it was attested; undefined where nobody said anything or it is off: then every version is kept. */
export const createVersionPolicy =
  (context: () => { facts: FactReader }) => async (): Promise<Result<VersionPolicy | undefined, KeeperRefusal>> => {
    const row = await context().facts.find('version_policy', versionPolicyId)
    if (!row.ok) return row
    const content = row.value?.content
    return ok(content?.state === 'on' ? { keep: Number(content.keep), days: Number(content.days) } : undefined)
  }
