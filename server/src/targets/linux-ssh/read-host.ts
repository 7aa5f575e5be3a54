import { ok } from '../../kernel/result.ts'
import { type PasswdEntry, type PasswordState, readGroups, readPasswd, readPasswordStates } from './accounts.ts'
import { type Answer, protocol } from './failures.ts'
import { readPatterns } from './key-files.ts'
import type { Remote } from './remote.ts'
import { type Script, script } from './script.ts'
import { sudoersAccounts } from './sudoers.ts'

// a hash in field 2 of passwd, as very old systems have it, stays where it is
const passwdScript = script('(getent passwd || cat /etc/passwd) | sed "s/^\\([^:]*\\):[^:]*:/\\1:x:/";')
const groupScript = script('(getent group || cat /etc/group) | sed "s/^\\([^:]*\\):[^:]*:/\\1:x:/";')

/** Says of each password whether there is one, and never what it is. Crypt's alphabet tells a hash from a lock. */
const shadowScript = script(`
  (getent shadow || cat /etc/shadow) 2>/dev/null | awk -F: "{
    state = \\"locked\\";
    if (\\$2 == \\"\\") state = \\"empty\\";
    else if (\\$2 ~ /^[A-Za-z0-9.\\/_\\$]/ && length(\\$2) > 8) state = \\"set\\";
    print \\$1 \\":\\" state \\":\\" \\$8;
  }";
`)

const sudoersScript = script(`
  cat /etc/sudoers 2>/dev/null; echo;
  for file in /etc/sudoers.d/*; do
    case "\${file##*/}" in *.*|*~) ;; *) cat "$file" 2>/dev/null; echo;; esac;
  done;
`)

const sshdScript = script(`
  for sshd in /usr/sbin/sshd /usr/local/sbin/sshd; do
    if [ -x "$sshd" ]; then "$sshd" -T 2>/dev/null | grep -i "^authorizedkeysfile "; break; fi;
  done;
  if grep -qiE "^[[:space:]]*match[[:space:]]" /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null; then echo match; fi;
`)

/** For one account, whose name is the first line of the input: rules under `Match` count. */
const sshdForScript = script(`
  IFS= read -r name;
  for sshd in /usr/sbin/sshd /usr/local/sbin/sshd; do
    if [ -x "$sshd" ]; then "$sshd" -T -C "user=$name,host=localhost,addr=127.0.0.1" 2>/dev/null | grep -i "^authorizedkeysfile "; break; fi;
  done;
  true;
`)

/** What root can read about the accounts of a host. */
export interface HostAccounts {
  accounts: readonly PasswdEntry[]
  groups: ReadonlyMap<string, ReadonlySet<string>>
  sudoers: ReadonlySet<string>
  passwords: ReadonlyMap<string, { state: PasswordState; expiresOnDay: number | undefined }>
}

const listsOutput = 16_777_216

export async function readHostAccounts(remote: Remote): Promise<Answer<HostAccounts>> {
  const read = async (what: Script): Promise<Answer<string>> => {
    const ran = await remote.run(what, '', { mostOutput: listsOutput })
    return ran.ok ? ok(ran.value.stdout.toString('utf8')) : ran
  }
  const passwd = await read(passwdScript)
  if (!passwd.ok) return passwd
  const group = await read(groupScript)
  if (!group.ok) return group
  const shadow = await read(shadowScript)
  if (!shadow.ok) return shadow
  const rules = await read(sudoersScript)
  if (!rules.ok) return rules
  const accounts = readPasswd(passwd.value)
  if (accounts.length === 0) return protocol('the host lists no accounts')
  const groups = readGroups(group.value, accounts)
  return ok({ accounts, groups, sudoers: sudoersAccounts(rules.value, accounts, groups), passwords: readPasswordStates(shadow.value) })
}

/** One's own entry and groups, which need no power. */
export async function readMyself(remote: Remote): Promise<Answer<{ me: PasswdEntry; groups: ReadonlyMap<string, ReadonlySet<string>> }>> {
  const passwd = await remote.run(passwdScript, '', { mostOutput: listsOutput })
  if (!passwd.ok) return passwd
  const group = await remote.run(groupScript, '', { mostOutput: listsOutput })
  if (!group.ok) return group
  const me = readPasswd(passwd.value.stdout.toString('utf8')).find(({ name }) => name === remote.me.name)
  return me ? ok({ me, groups: readGroups(group.value.stdout.toString('utf8'), [me]) }) : protocol('the host does not list its own login')
}

/** Where sshd looks for keys, and whether that differs from account to account. Undefined when sshd cannot be asked. */
export async function readSshd(remote: Remote): Promise<Answer<{ patterns: string[] | undefined; differs: boolean }>> {
  const ran = await remote.run(sshdScript)
  if (!ran.ok) return ran
  const text = ran.value.stdout.toString('utf8')
  return ok({ patterns: readPatterns(text), differs: /^match$/m.test(text) })
}

export async function readSshdFor(remote: Remote, account: string): Promise<Answer<string[] | undefined>> {
  const ran = await remote.run(sshdForScript, `${account}\n`)
  return ran.ok ? ok(readPatterns(ran.value.stdout.toString('utf8'))) : ran
}
