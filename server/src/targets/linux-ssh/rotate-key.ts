import { ok } from '../../kernel/result.ts'
import { formatPublicKeyLine, parseAuthorizedLine } from '../../protocols/ssh-keys/index.ts'
import type { Credential } from '../contract.ts'
import { readPasswd } from './accounts.ts'
import { type AuthorizedFile, findAccount, keyFiles, readKeyFile, replaceKeyFile } from './authorized-files.ts'
import { type Answer, protocol } from './failures.ts'
import { publicKeyOf, sameKey } from './public-key-of.ts'
import type { Remote } from './remote.ts'
import type { LinuxSshSettings } from './settings.ts'

const mostTries = 5

/** Adds our key behind the others; every other line, with its options, stays as it is. */
export async function addKey(remote: Remote, target: LinuxSshSettings, name: string, next: Credential): Promise<Answer<void>> {
  const key = await publicKeyOf(next)
  if (!key.ok) return key
  const account = await findAccount(remote, name, readPasswd)
  if (!account.ok) return account
  const files = await keyFiles(remote, target, account.value)
  if (!files.ok) return files
  const ours = parseAuthorizedLine(Buffer.from(formatPublicKeyLine(key.value)).toString('latin1'))

  for (let tries = 0; tries < mostTries; tries++) {
    const read: AuthorizedFile[] = []
    for (const file of files.value) {
      const one = await readKeyFile(remote, account.value, file)
      if (!one.ok) return one
      read.push(one.value)
    }
    // a line with options, `from="…"` say, might not let us in: only a bare one counts
    const there = read.some(({ lines }) =>
      lines.some((line) => line.kind === 'key' && line.options.length === 0 && sameKey(line.key.blob, key.value.blob)),
    )
    const [first] = read
    if (there || !first) return ok(undefined)
    // sshd takes the first line that has the key: an optioned one further up would still win
    const others = first.lines.filter((line) => line.kind !== 'key' || !sameKey(line.key.blob, key.value.blob))
    const written = await replaceKeyFile(remote, account.value, first, [...others, ours])
    if (!written.ok) return written
    if (written.value === 'replaced') return ok(undefined)
  }
  return protocol('somebody else keeps changing the authorized keys')
}
