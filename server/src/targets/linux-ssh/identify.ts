import { ok } from '../../kernel/result.ts'
import { identifyHost } from '../../platform/ssh/index.ts'
import type { Dial, PinnedIdentity } from '../contract.ts'
import { type Answer, fromSsh } from './failures.ts'
import type { LinuxSshSettings } from './settings.ts'

/**
 * Asks for the host key, and sees it proven. Answers `{ algorithm: 'ssh-ed25519', fingerprint: 'SHA256:…' }`, which an
 * administrator compares with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host.
 */
export async function identify(target: LinuxSshSettings, dial: Dial): Promise<Answer<PinnedIdentity>> {
  const found = await identifyHost(dial, { host: target.host, port: target.port })
  if (!found.ok) return fromSsh(found.error, '')
  const { algorithm, fingerprint } = found.value
  return ok({ algorithm, fingerprint })
}
