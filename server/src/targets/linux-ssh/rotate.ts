import type { Credential, Dial, Login, PinnedIdentity } from '../contract.ts'
import { safeName } from './accounts.ts'
import { type Answer, notPermitted } from './failures.ts'
import { onHost } from './remote.ts'
import { addKey } from './rotate-key.ts'
import { setPassword } from './rotate-password.ts'
import type { LinuxSshSettings } from './settings.ts'

/**
 * Sets a new credential for one account. Twice with the same one is as good as once: a password is set to what it is, a
 * key that is there is not added again. Old keys stay; `closeOthers` removes them once the new one was proven.
 */
export async function rotate(
  target: LinuxSshSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  next: Credential,
  dial: Dial,
): Promise<Answer<void>> {
  if (!safeName.test(account)) return notPermitted(`the name ${account} has characters that we pass to no program`)
  return onHost(target, identity, as, dial, async (remote) => {
    if (remote.power === 'own' && account !== remote.me.name) return notPermitted(`${remote.me.name} may change only itself here`)
    return next.kind === 'password' ? setPassword(remote, account, next) : addKey(remote, target, account, next)
  })
}
