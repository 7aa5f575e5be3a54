import { ok } from '../../kernel/result.ts'
import type { Change, Credential, Dial, Login, PinnedIdentity } from '../contract.ts'
import { safeName } from './accounts.ts'
import { type Answer, notPermitted } from './failures.ts'
import { inLanes } from './in-lanes.ts'
import { onHost, type Remote } from './remote.ts'
import { addKey } from './rotate-key.ts'
import { setPassword, setPasswords } from './rotate-password.ts'
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
  return onHost(target, identity, as, dial, (remote) => setOne(remote, target, { account, next }))
}

/** Commands at once on one login: sshd takes ten (MaxSessions), and the host has other work. */
const lanes = 4

/**
 * The same for several accounts at one login: all passwords by one `chpasswd`, keys a few at a time. Where one of the passwords does not go, each is
 * set alone, which tells whose it is.
 */
export async function rotateMany(
  target: LinuxSshSettings,
  identity: PinnedIdentity,
  as: Login,
  changes: readonly Change[],
  dial: Dial,
): Promise<Answer<void>[]> {
  const done = await onHost<Answer<void>[]>(target, identity, as, dial, async (remote) => {
    const together = changes.filter(({ account, next }) => next.kind === 'password' && safeName.test(account))
    const all = together.length > 1 && remote.power !== 'own' && (await setPasswords(remote, together))
    return ok(
      await inLanes(lanes, changes, async (change) =>
        all && together.includes(change) ? ok(undefined) : await setOne(remote, target, change),
      ),
    )
  })
  return done.ok ? done.value : changes.map(() => done)
}

async function setOne(remote: Remote, target: LinuxSshSettings, { account, next }: Change): Promise<Answer<void>> {
  if (!safeName.test(account)) return notPermitted(`the name ${account} has characters that we pass to no program`)
  if (remote.power === 'own' && account !== remote.me.name) return notPermitted(`${remote.me.name} may change only itself here`)
  return next.kind === 'password' ? await setPassword(remote, account, next) : await addKey(remote, target, account, next)
}
