import type { CommandFile } from '../../kit/command.ts'
import { auditAcknowledge } from './acknowledge.ts'
import { auditAlarms } from './alarms.ts'
import { auditCheckpoint } from './checkpoint.ts'
import { auditCheckpoints } from './checkpoints.ts'
import { auditConsistency } from './consistency.ts'
import { auditEntry } from './entry.ts'
import { auditExport } from './export.ts'
import { auditProve } from './prove.ts'
import { auditSearch } from './search.ts'
import { auditVerify } from './verify.ts'
import { auditVerifyProof } from './verify-proof.ts'

/** The audit log: keep it outside, verify it without trusting the server. */
export const audit: CommandFile = (cli, act) => {
  const group = cli
    .command('audit')
    .summary('the audit log: verify, export, alarms')
    .description('The audit log is tamper-evident. Keep a checkpoint where the server cannot reach it, and verify against that.')
  for (const command of [
    auditVerify,
    auditSearch,
    auditEntry,
    auditProve,
    auditVerifyProof,
    auditExport,
    auditCheckpoint,
    auditCheckpoints,
    auditConsistency,
    auditAlarms,
    auditAcknowledge,
  ])
    command(group, act)
  return group
}
