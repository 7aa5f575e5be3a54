import { ok } from '../../kernel/result.ts'
import { type AuthorizedLine, formatAuthorizedKeys, longestAuthorizedKeys, parseAuthorizedKeys } from '../../protocols/ssh-keys/index.ts'
import type { PasswdEntry } from './accounts.ts'
import { type Answer, accountGone, notPermitted, protocol } from './failures.ts'
import { defaultPatterns, type KeyFile, keyFilesOf } from './key-files.ts'
import { readSshdFor } from './read-host.ts'
import type { Ran, Remote } from './remote.ts'
import { exits, type Script, script } from './script.ts'
import type { LinuxSshSettings } from './settings.ts'

/** Prints a file's checksum and size (cksum, POSIX) and, on the next line, its content in base64; `none` when there is no file. */
const readScript = script(`
  IFS= read -r file;
  if [ -e "$file" ]; then
    if [ -f "$file" ] && [ -r "$file" ]; then cksum <"$file"; head -c ${longestAuthorizedKeys + 1} <"$file" | base64 | tr -d "\\n"; echo;
    else exit ${exits.notPermitted}; fi;
  else echo none; fi;
`)

/**
 * Puts a file in place of another in one step. Input: path, checksum of what is to be replaced, number of bytes, mode
 * of a new file, then the bytes. A connection that breaks in between leaves the old file: the new one is counted first.
 */
const writeScript = script(`
  IFS= read -r file; IFS= read -r before; IFS= read -r count; IFS= read -r mode;
  umask 077;
  target=$(readlink -f -- "$file") && [ -n "$target" ] || target=$file;
  folder=$(dirname -- "$target");
  [ -d "$folder" ] || mkdir -p -- "$folder" || exit ${exits.notPermitted};
  now=none; if [ -e "$target" ]; then now=$(cksum <"$target"); fi;
  [ "$now" = "$before" ] || exit ${exits.changedMeanwhile};
  fresh=$(mktemp "$folder/.claviger.XXXXXXXX") || exit ${exits.notPermitted};
  trap "rm -f -- \\"\\$fresh\\"" EXIT; trap "exit ${exits.cutOff}" HUP INT TERM;
  cat >"$fresh" || exit ${exits.notPermitted};
  [ "$(wc -c <"$fresh")" -eq "$count" ] || exit ${exits.cutOff};
  if [ -e "$target" ]; then mode=$(stat -c %a -- "$target") && chown "$(stat -c %u:%g -- "$target")" "$fresh" || exit ${exits.notPermitted}; fi;
  chmod "$mode" "$fresh" || exit ${exits.notPermitted};
  sync "$fresh" 2>/dev/null || true;
  mv -f -- "$fresh" "$target" || exit ${exits.notPermitted};
`)

/** Becomes the account whose uid and gid are the first line, and runs `$1` with the rest of the input. */
const asAccountScript = script(`
  IFS=" " read -r uid gid name;
  if command -v setpriv >/dev/null; then exec setpriv --reuid "$uid" --regid "$gid" --init-groups /bin/sh -c "$1";
  else exec su -s /bin/sh -c "$1" -- "$name"; fi;
`)

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
  const ran = await runFor(remote, account, file, readScript, `${file.path}\n`, 2 * longestAuthorizedKeys)
  if (!ran.ok) return ran
  if (ran.value.status !== 0) return notPermitted(`${file.path} cannot be read`)
  const [checksum = '', content = ''] = ran.value.stdout.toString('latin1').split('\n')
  const bytes = Buffer.from(content, 'base64')
  if (bytes.length > longestAuthorizedKeys) return protocol(`${file.path} is too large`)
  return ok({ ...file, checksum, lines: parseAuthorizedKeys(bytes) })
}

/** Puts `lines` in place of the file's; `changed` when somebody else wrote to it since it was read. */
export async function replaceKeyFile(
  remote: Remote,
  account: PasswdEntry,
  file: AuthorizedFile,
  lines: readonly AuthorizedLine[],
): Promise<Answer<'replaced' | 'changed'>> {
  const bytes = formatAuthorizedKeys(lines)
  // sshd reads as the account: where root keeps the keys, others must be able to read
  const head = `${file.path}\n${file.checksum}\n${bytes.length}\n${file.inHome ? 600 : 644}\n`
  const ran = await runFor(remote, account, file, writeScript, Buffer.concat([Buffer.from(head), bytes]))
  if (!ran.ok) return ran
  const { status } = ran.value
  if (status === 0) return ok('replaced')
  if (status === exits.changedMeanwhile) return ok('changed')
  if (status === exits.notPermitted) return notPermitted(`${file.path} cannot be written`)
  return protocol(`writing ${file.path} ended with status ${status}`)
}

/**
 * Below an account's home, a link could lead root anywhere: there, root becomes the account first. The first line of
 * the input tells whom; the rest belongs to the script.
 */
async function runFor(
  remote: Remote,
  account: PasswdEntry,
  file: KeyFile,
  what: Script,
  input: string | Buffer,
  mostOutput?: number,
): Promise<Answer<Ran>> {
  const bound = mostOutput === undefined ? {} : { mostOutput }
  if (remote.power === 'own' || !file.inHome || account.uid === 0) return remote.run(what, input, bound)
  const whom = Buffer.from(`${account.uid} ${account.gid} ${account.name}\n`)
  return remote.run(asAccountScript, Buffer.concat([whom, Buffer.from(input)]), { inner: what, ...bound })
}
