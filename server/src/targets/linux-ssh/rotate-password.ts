import { ok } from '../../kernel/result.ts'
import type { Change, Credential } from '../contract.ts'
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

const allScript = script('exec chpasswd;')

/** What chpasswd cannot take as a password, in words; undefined where it can. */
function unfit(password: Uint8Array): string | undefined {
  if (password.length === 0 || password.length > longestPassword) return `a password has 1 to ${longestPassword} bytes`
  // a line end would begin another account's line
  return password.some((byte) => byte === 0 || byte === 10 || byte === 13) ? 'a password holds no line end' : undefined
}

/** Sets all of them at once, as root. False: some may be set, some not; whose did not go is not known. */
export async function setPasswords(remote: Remote, changes: readonly Change[]): Promise<boolean> {
  const lines: Uint8Array[] = []
  try {
    for (const { account, next } of changes) {
      const line = await next.secret.lend('set-on-target', async (password) =>
        unfit(password) === undefined ? Buffer.concat([Buffer.from(`${account}:`), password, Buffer.from('\n')]) : undefined,
      )
      if (!line) return false
      lines.push(line)
    }
    const input = Buffer.concat(lines)
    const ran = await remote.run(allScript, input)
    input.fill(0)
    return ran.ok && ran.value.status === 0
  } finally {
    for (const line of lines) line.fill(0)
  }
}

/** Sets a password as root. An account may not change its own here: `passwd` asks for the old one, which we may not have. */
export async function setPassword(remote: Remote, account: string, next: Credential): Promise<Answer<void>> {
  if (remote.power === 'own')
    return notPermitted(`${remote.me.name} is not root; passwords are set by root, or with sudo where the target's settings allow it`)
  return next.secret.lend('set-on-target', async (password): Promise<Answer<void>> => {
    const why = unfit(password)
    if (why !== undefined) return credentialRefused(why)
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
