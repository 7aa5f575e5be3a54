import { ok } from '../../kernel/result.ts'
import { identifyHost } from '../../platform/ssh/index.ts'
import type { Dial, PinnedIdentity } from '../contract.ts'
import { type Answer, fromSsh } from './failures.ts'
import type { NetworkDeviceSettings } from './settings.ts'

/** Asks for the host key, and sees it proven: what an administrator compares with `show ip ssh` or `show crypto key` at the console port. */
export async function identify({ host, port }: NetworkDeviceSettings, dial: Dial): Promise<Answer<PinnedIdentity>> {
  const found = await identifyHost(dial, { host, port })
  return found.ok ? ok({ algorithm: found.value.algorithm, fingerprint: found.value.fingerprint }) : fromSsh(found.error, '')
}
