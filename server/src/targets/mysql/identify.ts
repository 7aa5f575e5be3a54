import { fail, ok, type Result } from '../../kernel/result.ts'
import { certificateOf } from '../../platform/mysql-client/index.ts'
import type { Dial, PinnedIdentity, TargetFailure } from '../contract.ts'
import { asTargetFailure } from './failures.ts'
import type { MysqlSettings } from './settings.ts'

const patience = 15_000

/** What the server shows to somebody who has no name: its certificate, checked against the authority. */
export async function identify({ host, port, ca }: MysqlSettings, dial: Dial): Promise<Result<PinnedIdentity, TargetFailure>> {
  const certificate = await certificateOf(dial, { host, port, ca }, patience)
  return certificate.ok ? ok({ certificate: certificate.value }) : fail(asTargetFailure(certificate.error, ''))
}
