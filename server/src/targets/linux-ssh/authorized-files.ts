import { ok } from '../../kernel/result.ts'
import { type AuthorizedLine, formatAuthorizedKeys, longestAuthorizedKeys, parseAuthorizedKeys } from '../../protocols/ssh-keys/index.ts'
import type { PasswdEntry } from './accounts.ts'
import { type Answer, accountGone, notPermitted } from './failures.ts'
import { readFile, replaceFile, type Whom } from './host-files.ts'
import { defaultPatterns, type KeyFile, keyFilesOf } from './key-files.ts'
import { readSshdFor } from './read-host.ts'
import type { Remote } from './remote.ts'
import { script } from './script.ts'
import type { LinuxSshSettings } from './settings.ts'

const entryScript = script(`IFS= read -r name; getent passwd -- "$name" | sed "s/^\\([^:]*\\):[^:]*:/\\1:x:/";`)

/** A key file as it stands. `checksum` is what `replace` wants back. */
export interface AuthorizedFile extends KeyFile {
  lines: readonly AuthorizedLine[]
  checksum: string
}

/** The account's entry on the host, read now. */
export async function findAccount(remote: Remote, name: string, parse: (text: string) => PasswdEntry[]): Promise<Answer<PasswdEntry>> {
  const ran = await remote.run(entryScript, `${name}\n`)
  if (!ran.ok) return ran
  const entry = parse(ran.value.stdout.toString('utf8')).find((one) => one.name === name)
  return entry ? ok(entry) : accountGone(name)
}

/** The files from which sshd takes an account's keys, in sshd's order. Settings win over asking, asking over the default. */
export async function keyFiles(remote: Remote, target: LinuxSshSettings, account: PasswdEntry): Promise<Answer<readonly KeyFile[]>> {
  const asked = target.authorizedKeysFile ? ok([target.authorizedKeysFile]) : await readSshdFor(remote, account.name)
  if (!asked.ok) return asked
  const files = keyFilesOf(asked.value ?? defaultPatterns, account)
  return files.length > 0 ? ok(files) : notPermitted('sshd on this host reads no authorized keys')
}

export async function readKeyFile(remote: Remote, account: PasswdEntry, file: KeyFile): Promise<Answer<AuthorizedFile>> {
  const read = await readFile(remote, whomFor(remote, account, file), file.path, longestAuthorizedKeys)
  return read.ok ? ok({ ...file, checksum: read.value.checksum, lines: parseAuthorizedKeys(read.value.bytes) }) : read
}

/** Puts `lines` in place of the file's; `changed` when somebody else wrote to it since it was read. */
export async function replaceKeyFile(
  remote: Remote,
  account: PasswdEntry,
  file: AuthorizedFile,
  lines: readonly AuthorizedLine[],
): Promise<Answer<'replaced' | 'changed'>> {
  // sshd reads as the account: where root keeps the keys, others must be able to read
  const { path, checksum } = file
  return await replaceFile(
    remote,
    whomFor(remote, account, file),
    { path, checksum, mode: file.inHome ? 600 : 644 },
    formatAuthorizedKeys(lines),
  )
}

/** Below an account's home, a link could lead root anywhere: there, root becomes the account first. */
const whomFor = (remote: Remote, { uid, gid, name }: PasswdEntry, file: KeyFile): Whom =>
  remote.power === 'own' || !file.inHome || uid === 0 ? 'us' : { uid, gid, name }
