import { fail, ok, type Result } from '../../kernel/result.ts'
import type { TellHow } from '../contract.ts'
import { type Answer, protocol } from './failures.ts'
import { readFile, replaceFile, type Whom } from './host-files.ts'
import type { Remote } from './remote.ts'
import { findPlace, rewriteLine } from './rewrite-line.ts'
import { exits, script } from './script.ts'

type FileHow = NonNullable<TellHow['file']>

/** More than any configuration has. */
const longestFile = 1_048_576
const mostTries = 5

/**
 * Whose a file is, and whether anybody but root could put something else there: `root` when every folder above it is root's and nobody else
 * writes to one. No link is followed: whoever made it would say what is written. Output: root or owner, uid, gid, name.
 */
const whoseScript = script(`
  IFS= read -r file;
  [ -f "$file" ] || exit ${exits.noSuchAccount};
  [ "$(readlink -f -- "$file")" = "$file" ] || exit ${exits.notPermitted};
  by=root; at=$(dirname -- "$file");
  while :; do
    if [ "$(stat -c %u -- "$at")" -ne 0 ] || [ -n "$(find "$at" -maxdepth 0 -perm /022)" ]; then by=owner; fi;
    if [ "$at" = / ]; then break; fi;
    at=$(dirname -- "$at");
  done;
  uid=$(stat -c %u -- "$file"); name=$(id -un -- "$uid" 2>/dev/null || stat -c %U -- "$file");
  echo "$by $uid $(id -g -- "$uid" 2>/dev/null || stat -c %g -- "$file") $name";
`)

export const notTold = (step: 'file' | 'command' | 'unit' | 'check', detail: string) =>
  fail({ code: 'target.not_told', step, detail: detail.slice(0, 300) } as const)

/** As whom the file is touched. Where its owner or others rule a folder above it, they could lead root anywhere: there root becomes the owner first. */
async function whomFor(remote: Remote, path: string): Promise<Answer<Whom>> {
  const ran = await remote.run(whoseScript, `${path}\n`)
  if (!ran.ok) return ran
  if (ran.value.status === exits.notPermitted) return notTold('file', `${path} is behind a link; give the path of the file itself`)
  if (ran.value.status !== 0) return notTold('file', `${path} is not there, or is no file`)
  const [by = '', uid = '', gid = '', name = ''] = ran.value.stdout.toString('utf8').trim().split(' ')
  if (!/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid)) return protocol('the host does not say whose the file is')
  if (remote.power === 'own' || by === 'root') return ok('us')
  return uid === '0'
    ? notTold('file', `${path} is root's, but others write to a folder above it and could put another file there`)
    : ok({ uid: Number(uid), gid: Number(gid), name })
}

/** Nothing of the file leaves the host but to be looked at; nothing is written. */
export async function lookAtFile(remote: Remote, { path, line }: FileHow): Promise<Answer<void>> {
  const whom = await whomFor(remote, path)
  if (!whom.ok) return whom
  const read = await readFile(remote, whom.value, path, longestFile)
  if (!read.ok) return notTold('file', `${path} cannot be read by whoever may change it`)
  const place = line === undefined ? ok(undefined) : findPlace(read.value.bytes, line)
  read.value.bytes.fill(0)
  return place.ok ? ok(undefined) : notTold('file', place.error)
}

/** Puts the credential into the file in one step, and reads from the host that it is there. */
export async function tellFile(remote: Remote, { path, line, as }: FileHow, secret: Uint8Array): Promise<Answer<{ changed: boolean }>> {
  const owner = await whomFor(remote, path)
  if (!owner.ok) return owner
  const whom = owner.value
  for (let tries = 0; tries < mostTries; tries++) {
    const read = await readFile(remote, whom, path, longestFile)
    if (!read.ok) return read
    const { bytes, checksum } = read.value
    const next: Result<Buffer, string> = line === undefined ? ok(Buffer.from(secret)) : rewriteLine(bytes, line, as, secret)
    const same = next.ok && next.value.equals(bytes)
    bytes.fill(0)
    if (!next.ok) return notTold('file', next.error)
    const written: Answer<'replaced' | 'changed'> = same
      ? ok('replaced')
      : await replaceFile(remote, whom, { path, checksum, mode: 600 }, next.value)
    const seen = written.ok && written.value === 'replaced' ? await readFile(remote, whom, path, longestFile) : undefined
    const holds = seen?.ok === true && seen.value.bytes.equals(next.value)
    next.value.fill(0)
    if (seen?.ok) seen.value.bytes.fill(0)
    if (!written.ok) return written
    if (seen && !seen.ok) return seen
    // where somebody wrote to it in between: once more
    if (holds) return ok({ changed: !same })
  }
  return notTold('file', `somebody else keeps changing ${path}`)
}
