import { fail, ok, type Result } from '../../kernel/result.ts'
import { identifyLdap } from '../../platform/ldap/index.ts'
import type { Dial, PinnedIdentity, TargetFailure } from '../contract.ts'
import { asTargetFailure } from './failures.ts'
import type { ActiveDirectorySettings } from './settings.ts'

/** The domain controller's certificate, checked against the authority, which it shows to somebody who has no password. */
export async function identify(settings: ActiveDirectorySettings, dial: Dial): Promise<Result<PinnedIdentity, TargetFailure>> {
  const certificate = await identifyLdap(dial, settings, 15_000)
  return certificate.ok ? ok({ proof: 'tls-certificate', certificate: certificate.value }) : fail(asTargetFailure(certificate.error))
}
