import { ok } from '../../kernel/result.ts'
import { type Answer, notPermitted, protocol } from './failures.ts'
import type { Ran, Remote } from './remote.ts'
import { exits, type Script, script } from './script.ts'

/*
 * Files of a host that are read, and replaced in one step. Whose they are decides as whom: where somebody else can put a link into the way, root
 * does nothing, but becomes who owns the file and can do no more there than they.
 */

/** As whom a file is touched: as we are there, or as another account that we become first. */
export type Whom = 'us' | { uid: number; gid: number; name: string }

/** Prints a file's checksum and size (cksum, POSIX) and, on the next line, its content in base64; `none` when there is no file. */
const readScript = (most: number): Script =>
  script(`
  IFS= read -r file;
  if [ -e "$file" ]; then
    if [ -f "$file" ] && [ -r "$file" ]; then cksum <"$file"; head -c ${most + 1} <"$file" | base64 | tr -d "\\n"; echo;
    else exit ${exits.notPermitted}; fi;
  else echo none; fi;
`)

/**
 * Puts a file in place of another in one step. Input: path, checksum of what is to be replaced, number of bytes, mode
 * of a new file, then the bytes. A connection that breaks in between leaves the old file: the new one is counted first.
 * Owner, group and mode stay. A group that is not ours to give is let go where it means nothing: its members may do what everybody may.
 */
const writeScript = script(`
  keeps_its_readers() {
    [ "$(stat -c %u -- "$1")" = "$(id -u)" ] || return 1;
    case $2 in *00|*11|*22|*33|*44|*55|*66|*77) return 0;; *) return 1;; esac;
  };
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
  if [ -e "$target" ]; then
    mode=$(stat -c %a -- "$target") || exit ${exits.notPermitted};
    chown "$(stat -c %u:%g -- "$target")" "$fresh" 2>/dev/null || keeps_its_readers "$target" "$mode" || exit ${exits.notPermitted};
  fi;
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

/** Runs a script as somebody; its input begins behind the line that says as whom. */
export function runAs(remote: Remote, whom: Whom, what: Script, input: string | Uint8Array, mostOutput?: number): Promise<Answer<Ran>> {
  const bound = mostOutput === undefined ? {} : { mostOutput }
  if (whom === 'us') return remote.run(what, input, bound)
  const line = Buffer.from(`${whom.uid} ${whom.gid} ${whom.name}\n`)
  return remote.run(asAccountScript, Buffer.concat([line, typeof input === 'string' ? Buffer.from(input) : input]), {
    inner: what,
    ...bound,
  })
}

/** A file's bytes, and the checksum that `replaceFile` wants back: `none` where there is no file. */
export async function readFile(
  remote: Remote,
  whom: Whom,
  path: string,
  most: number,
): Promise<Answer<{ bytes: Buffer; checksum: string }>> {
  const ran = await runAs(remote, whom, readScript(most), `${path}\n`, 2 * most)
  if (!ran.ok) return ran
  if (ran.value.status !== 0) return notPermitted(`${path} cannot be read`)
  const [checksum = '', content = ''] = ran.value.stdout.toString('latin1').split('\n')
  const bytes = Buffer.from(content, 'base64')
  ran.value.stdout.fill(0)
  return bytes.length > most ? protocol(`${path} is too large`) : ok({ bytes, checksum })
}

/** Puts bytes in place of a file's; `changed` when somebody else wrote to it since it was read. Owner and mode stay; `mode` is that of a new one. */
export async function replaceFile(
  remote: Remote,
  whom: Whom,
  { path, checksum, mode }: { path: string; checksum: string; mode: number },
  bytes: Uint8Array,
): Promise<Answer<'replaced' | 'changed'>> {
  const input = Buffer.concat([Buffer.from(`${path}\n${checksum}\n${bytes.length}\n${mode}\n`), bytes])
  const ran = await runAs(remote, whom, writeScript, input)
  input.fill(0)
  if (!ran.ok) return ran
  const { status } = ran.value
  if (status === 0) return ok('replaced')
  if (status === exits.changedMeanwhile) return ok('changed')
  if (status === exits.notPermitted) return notPermitted(`${path} cannot be written`)
  return protocol(`writing ${path} ended with status ${status}`)
}
