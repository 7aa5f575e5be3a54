import { ok } from '../../kernel/result.ts'
import type { Credential } from '../contract.ts'
import { type Answer, accountGone, credentialRefused, notPermitted, oneLine } from './failures.ts'
import type { Remote } from './remote.ts'
import { exits, script } from './script.ts'

/** chpasswd(8) reads `name:password` from its input, so the password is in no argument, file or environment. */
const chpasswdScript = script(`
  IFS= read -r name;
  getent passwd -- "$name" >/dev/null || exit ${exits.noSuchAccount};
  exec chpasswd;
`)
const longestPassword = 512

/** Sets a password as root. An account may not change its own here: `passwd` asks for the old one, which we may not have. */
export async function setPassword(remote: Remote, account: string, next: Credential): Promise<Answer<void>> {
  if (remote.power === 'own')
    return notPermitted(`${remote.me.name} is not root; passwords are set by root, or with sudo where the target's settings allow it`)
  return next.secret.lend('set-on-target', async (password): Promise<Answer<void>> => {
    if (password.length === 0 || password.length > longestPassword) return credentialRefused(`a password has 1 to ${longestPassword} bytes`)
    // a line end would begin another account's line
    if (password.some((byte) => byte === 0 || byte === 10 || byte === 13)) return credentialRefused('a password holds no line end')
    const name = Buffer.from(`${account}\n${account}:`)
    const input = Buffer.concat([name, password, Buffer.from('\n')])
    const ran = await remote.run(chpasswdScript, input)
    input.fill(0)
    if (!ran.ok) return ran
    const { status, stderr } = ran.value
    if (status === 0) return ok(undefined)
    if (status === exits.noSuchAccount) return accountGone(account)
    if (status === exits.notFound) return notPermitted('chpasswd is not installed there')
    // a helpful program might repeat the line that it did not like
    const said = Buffer.from(stderr).includes(Buffer.from(password.buffer, password.byteOffset, password.length)) ? '' : oneLine(stderr)
    return /permission denied|cannot lock|cannot open/i.test(said)
      ? notPermitted(said)
      : credentialRefused(said || `chpasswd ended with status ${status}`)
  })
}
