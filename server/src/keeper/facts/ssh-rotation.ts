/*
 * Terminology
 *
 * - rotation of the SSH authority: one row for the installation, changed step by step. `telling`: hosts are told to trust the new key beside the old one,
 *   which signs; `signing`: the new one signs, and the old one is taken away from the hosts; `done`: the old one is destroyed
 * - trust: one row for each host that was seen to let in by the authority, and by which of its versions. Its id follows from the target's, so that the
 *   keeper knows of every host from the ledger: a row that somebody deletes, so that a host is forgotten, is seen
 */
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from './fact.ts'
import type { FactReader } from './fact-reader.ts'

export const sshRotationId = 'shr_0000000000'

/** The id of what a host trusts: `sht_4f9k2m7q1x` of `tgt_4f9k2m7q1x`. */
export const sshTrustOf = (target: string): string => `sht_${target.slice(target.indexOf('_') + 1)}`

/** Which version signs, which one will, and which one did before and is not gone yet. */
export interface SshVersions {
  current: number
  candidate?: number
  previous?: number
}

/** As the row says it; the first version where there never was a rotation. */
export function versionsIn(row: FactContent | undefined): SshVersions {
  const [before, after] = [Number(row?.old_version), Number(row?.new_version)]
  if (row?.step === 'telling') return { current: before, candidate: after }
  if (row?.step === 'signing') return { current: after, previous: before }
  return { current: row ? after : 1 }
}

export async function sshVersions(facts: FactReader): Promise<Result<SshVersions, KeeperRefusal>> {
  const row = await facts.find('ssh_rotation', sshRotationId)
  return row.ok ? ok(versionsIn(row.value?.content)) : row
}
