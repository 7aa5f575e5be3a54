import { ok } from '../../kernel/result.ts'
import { type AuthorizedLine, fingerprint, parseAuthorizedLine } from '../../protocols/ssh-keys/index.ts'
import type { Credential, Dial, Login, PinnedIdentity } from '../contract.ts'
import { readPasswd, safeName } from './accounts.ts'
import { type AuthorizedFile, findAccount, keyFiles, readKeyFile, replaceKeyFile } from './authorized-files.ts'
import { type Answer, notPermitted, protocol } from './failures.ts'
import { publicKeyOf, sameKey } from './public-key-of.ts'
import { onHost, type Remote } from './remote.ts'
import type { LinuxSshSettings } from './settings.ts'

/**
 * Removes every key of an account but the one to keep, from all files that sshd reads; answers their fingerprints. An
 * account has one password, so of that kind there is nothing else to close. Call it once the kept key was proven; where
 * it is not among the keys, nothing is removed.
 */
export async function closeOthers(
  target: LinuxSshSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  keep: Credential,
  dial: Dial,
): Promise<Answer<readonly string[]>> {
  if (keep.kind === 'password') return ok([])
  if (!safeName.test(account)) return notPermitted(`the name ${account} has characters that we pass to no program`)
  return onHost(target, identity, as, dial, async (remote) => {
    if (remote.power === 'own' && account !== remote.me.name) return notPermitted(`${remote.me.name} may change only itself here`)
    return removeOtherKeys(remote, target, account, keep)
  })
}

async function removeOtherKeys(
  remote: Remote,
  target: LinuxSshSettings,
  name: string,
  keep: Credential,
): Promise<Answer<readonly string[]>> {
  const kept = await publicKeyOf(keep)
  if (!kept.ok) return kept
  const account = await findAccount(remote, name, readPasswd)
  if (!account.ok) return account
  const files = await keyFiles(remote, target, account.value)
  if (!files.ok) return files

  const read: AuthorizedFile[] = []
  for (const file of files.value) {
    const one = await readKeyFile(remote, account.value, file)
    if (!one.ok) return one
    read.push(one.value)
  }
  const stays = (line: AuthorizedLine) => line.kind === 'key' && sameKey(line.key.blob, kept.value.blob) && !isAuthority(line)
  if (!read.some(({ lines }) => lines.some(stays))) return protocol('the key to keep is not among the authorized keys; nothing was removed')

  const removed: string[] = []
  for (const file of read) {
    const { lines, gone } = without(file.lines, stays)
    if (gone.length === 0) continue
    const written = await replaceKeyFile(remote, account.value, file, lines)
    if (!written.ok) return written
    if (written.value === 'changed') return protocol(`${file.path} was changed meanwhile; try again`)
    removed.push(...gone)
  }
  return ok(removed)
}

/**
 * What we cannot read, sshd perhaps can: such a line is turned into a remark, so that it opens nothing and a person can
 * still see what stood there.
 */
function without(lines: readonly AuthorizedLine[], stays: (line: AuthorizedLine) => boolean): { lines: AuthorizedLine[]; gone: string[] } {
  const gone: string[] = []
  const rest = lines.flatMap((line): AuthorizedLine[] => {
    if (line.kind === 'remark' || stays(line)) return [line]
    if (line.kind === 'malformed') {
      gone.push('a line that is no readable key')
      return [parseAuthorizedLine(`# closed by Claviger: ${line.raw}`)]
    }
    gone.push(fingerprint(line.key.blob))
    return []
  })
  return { lines: rest, gone }
}

/** With this option the line lets in everybody for whom the key signed a certificate. */
const isAuthority = (line: AuthorizedLine): boolean => line.kind === 'key' && line.options.some(({ name }) => name === 'cert-authority')
