import { fingerprint, longestAuthorizedKeys, parseAuthorizedKeys } from '../../protocols/ssh-keys/index.ts'
import { type Dial, type FoundAccount, type Login, type PinnedIdentity, TargetError } from '../contract.ts'
import { categoryOf, credentialsOf, hasLoginShell, type PasswdEntry, type PasswordState, privilegesOf } from './accounts.ts'
import type { Answer } from './failures.ts'
import { defaultPatterns, keyFilesOf } from './key-files.ts'
import { readHostAccounts, readMyself, readSshd, readSshdFor } from './read-host.ts'
import { logIn, type Remote, remoteOf } from './remote.ts'
import { script } from './script.ts'
import type { LinuxSshSettings } from './settings.ts'

/** For each path of the input one line: the file in base64, or nothing. */
const readAllScript = script(`
  while IFS= read -r file; do
    if [ -f "$file" ] && [ -r "$file" ]; then head -c ${longestAuthorizedKeys} <"$file" | base64 | tr -d "\\n"; fi;
    echo;
  done;
`)
const filesAtOnce = 100
const filesOutput = 33_554_432

/**
 * Lists the accounts of a host that are privileged, that can log in with a password, or that a key opens. As root (or
 * with sudo, where the settings allow it) all of them; else the one that we are logged in as.
 */
export async function* discover(target: LinuxSshSettings, identity: PinnedIdentity, as: Login, dial: Dial): AsyncIterable<FoundAccount> {
  const connection = orThrow(await logIn(target, identity, as, dial))
  try {
    const remote = orThrow(await remoteOf(connection, target, as.account))
    yield* remote.power === 'own' ? discoverMyself(remote, target) : discoverAll(remote, target)
  } finally {
    await connection.close()
  }
}

async function* discoverAll(remote: Remote, target: LinuxSshSettings): AsyncIterable<FoundAccount> {
  const host = orThrow(await readHostAccounts(remote))
  const sshd = target.authorizedKeysFile ? { patterns: [target.authorizedKeysFile], differs: false } : orThrow(await readSshd(remote))
  for (let from = 0; from < host.accounts.length; from += filesAtOnce) {
    const some = host.accounts.slice(from, from + filesAtOnce)
    const keys = await readKeys(remote, some, sshd)
    for (const account of some) {
      const privileges = privilegesOf(account, host.groups, host.sudoers)
      const password = host.passwords.get(account.name)
      const found = describe(account, privileges, password?.state ?? 'unknown', keys.get(account.name) ?? [], password?.expiresOnDay)
      if (privileges.length > 0 || found.canLogIn || found.credentials.includes('ssh-key')) yield found
    }
  }
}

/** Without root the shadow file is closed: of one's own account we list the keys, and do not guess about a password. */
async function* discoverMyself(remote: Remote, target: LinuxSshSettings): AsyncIterable<FoundAccount> {
  const { me, groups } = orThrow(await readMyself(remote))
  const patterns = target.authorizedKeysFile ? [target.authorizedKeysFile] : orThrow(await readSshdFor(remote, me.name))
  const keys = await readKeys(remote, [me], { patterns, differs: false })
  yield describe(me, privilegesOf(me, groups, new Set()), 'unknown', keys.get(me.name) ?? [], undefined)
}

type Keys = NonNullable<FoundAccount['authorisedKeys']>[number]

async function readKeys(
  remote: Remote,
  accounts: readonly PasswdEntry[],
  sshd: { patterns: readonly string[] | undefined; differs: boolean },
): Promise<Map<string, Keys[]>> {
  const files: { name: string; path: string }[] = []
  for (const account of accounts) {
    const patterns = (sshd.differs ? orThrow(await readSshdFor(remote, account.name)) : sshd.patterns) ?? defaultPatterns
    for (const { path } of keyFilesOf(patterns, account)) files.push({ name: account.name, path })
  }
  const ran = orThrow(await remote.run(readAllScript, files.map(({ path }) => `${path}\n`).join(''), { mostOutput: filesOutput }))
  const contents = ran.stdout.toString('latin1').split('\n')
  const keys = new Map<string, Keys[]>()
  files.forEach(({ name }, i) => {
    for (const line of parseAuthorizedKeys(Buffer.from(contents[i] ?? '', 'base64'))) {
      if (line.kind !== 'key') continue
      const known = keys.get(name) ?? []
      known.push({ fingerprint: fingerprint(line.key.blob), comment: line.key.comment })
      keys.set(name, known)
    }
  })
  return keys
}

function describe(
  account: PasswdEntry,
  privileges: readonly string[],
  password: PasswordState,
  keys: readonly Keys[],
  expiresOnDay: number | undefined,
): FoundAccount {
  const credentials = credentialsOf(password, keys.length)
  const expired = expiresOnDay !== undefined && expiresOnDay * 86_400_000 <= Date.now()
  return {
    name: account.name,
    category: categoryOf(account, privileges),
    privileges: [...(privileges.length > 0 ? privileges : ['login']), ...(password === 'empty' ? ['login without a password'] : [])],
    credentials,
    authorisedKeys: keys,
    canLogIn: hasLoginShell(account) && !expired && credentials.length > 0,
  }
}

function orThrow<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new TargetError(answer.error)
  return answer.value
}
