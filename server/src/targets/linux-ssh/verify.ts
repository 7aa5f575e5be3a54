import { ok } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity } from '../contract.ts'
import type { Answer } from './failures.ts'
import { logIn } from './remote.ts'
import type { LinuxSshSettings } from './settings.ts'

/** Logs in afresh and out again; nothing is run. A refusal takes PAM about five seconds. */
export async function verify(target: LinuxSshSettings, identity: PinnedIdentity, login: Login, dial: Dial): Promise<Answer<void>> {
  const connected = await logIn(target, identity, login, dial)
  if (!connected.ok) return connected
  await connected.value.close()
  return ok(undefined)
}
