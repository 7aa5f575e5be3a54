import { ok } from '../../kernel/result.ts'
import type { Credential, Dial, Lifecycle, Login, PinnedIdentity } from '../contract.ts'
import { safeName } from './accounts.ts'
import { type Answer, accountGone, notPermitted, oneLine } from './failures.ts'
import { onHost, type Remote } from './remote.ts'
import { addKey } from './rotate-key.ts'
import { setPassword } from './rotate-password.ts'
import { exits, type Script, script } from './script.ts'
import type { LinuxSshSettings } from './settings.ts'

/** Reads the name from its input and stops where there is no such account. */
const there = `IFS= read -r name; getent passwd -- "$name" >/dev/null || exit ${exits.noSuchAccount};`

/** The password alone would leave keys open: an account that has expired is refused by PAM whatever it shows. */
const disableScript = script(`${there} exec usermod --lock --expiredate 1 -- "$name";`)
/** An account that never had a password has nothing to unlock, which is no failure. */
const enableScript = script(`${there} usermod --expiredate "" -- "$name" || exit $?; usermod --unlock -- "$name" 2>/dev/null; exit 0;`)
const createScript = script(`
  IFS= read -r name;
  getent passwd -- "$name" >/dev/null && exit 0;
  exec useradd --create-home --shell /bin/sh -- "$name";
`)
/** Its home stays: what is in it may be evidence, or somebody else's work. */
const removeScript = script(`
  IFS= read -r name;
  getent passwd -- "$name" >/dev/null || exit 0;
  [ "$(id -u -- "$name")" -ne 0 ] || exit ${exits.notPermitted};
  exec userdel -- "$name";
`)
/** By number: several names may have one. First the asking, then the end; our own session is another account's. */
const closeScript = script(`
  IFS= read -r name;
  uid=$(id -u -- "$name" 2>/dev/null) || exit 0;
  [ "$uid" -ne 0 ] || exit ${exits.notPermitted};
  command -v pkill >/dev/null || exit ${exits.notFound};
  pkill -TERM -U "$uid"; sleep 1; pkill -KILL -U "$uid";
  exit 0;
`)

const act =
  (what: Script, alone = false) =>
  (target: LinuxSshSettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial): Promise<Answer<void>> =>
    asRoot(target, identity, as, account, dial, async (remote) => {
      if (alone && account === remote.me.name) return notPermitted(`${account} cannot do this to itself`)
      return run(remote, what, account)
    })

async function create(
  target: LinuxSshSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  credential: Credential,
  dial: Dial,
): Promise<Answer<void>> {
  return asRoot(target, identity, as, account, dial, async (remote) => {
    const made = await run(remote, createScript, account)
    if (!made.ok) return made
    return credential.kind === 'password' ? setPassword(remote, account, credential) : addKey(remote, target, account, credential)
  })
}

async function asRoot(
  target: LinuxSshSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  dial: Dial,
  work: (remote: Remote) => Promise<Answer<void>>,
): Promise<Answer<void>> {
  if (!safeName.test(account)) return notPermitted(`the name ${account} has characters that we pass to no program`)
  return onHost(target, identity, as, dial, async (remote) =>
    remote.power === 'own' ? notPermitted(`${remote.me.name} is not root there`) : work(remote),
  )
}

async function run(remote: Remote, what: Script, account: string): Promise<Answer<void>> {
  const ran = await remote.run(what, `${account}\n`)
  if (!ran.ok) return ran
  const { status, stderr } = ran.value
  if (status === 0) return ok(undefined)
  if (status === exits.noSuchAccount) return accountGone(account)
  if (status === exits.notPermitted) return notPermitted(`${account} is root there`)
  if (status === exits.notFound) return notPermitted('pkill is not installed there')
  return notPermitted(oneLine(stderr) || `the program ended with status ${status}`)
}

export const lifecycle: Lifecycle<LinuxSshSettings> = {
  disable: act(disableScript, true),
  enable: act(enableScript),
  create,
  remove: act(removeScript, true),
  closeSessions: act(closeScript, true),
}
