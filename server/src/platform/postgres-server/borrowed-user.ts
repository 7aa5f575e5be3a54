import { lchown, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Owner } from './folder.ts'

/*
 * PostgreSQL itself runs under any number, but initdb wants its user to have a name (it calls getpwuid and gives up).
 * Ours are numbers without a name, so that a start adds no users to the machine. So initdb borrows a named system user
 * that nothing runs as, and what it made is handed over to the number afterwards.
 */

/** The user under which initdb can run for `owner`: itself when it has a name, otherwise an idle named system user. */
export async function userForInitdb(owner: Owner): Promise<Owner | undefined> {
  const named = parsePasswd(await readFile('/etc/passwd', 'utf8'))
  if (named.some((user) => user.uid === owner.uid)) return owner
  const busy = await busyUids()
  return named.find((user) => user.uid > 0 && (user.uid < 1000 || user.uid === 65534) && !busy.has(user.uid))
}

/** passwd(5): name:password:uid:gid:… */
export function parsePasswd(text: string): Owner[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name && uid && gid && /^\d+$/.test(uid) && /^\d+$/.test(gid) ? [{ uid: Number(uid), gid: Number(gid) }] : []
  })
}

async function busyUids(): Promise<Set<number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const uids = await Promise.all(
    pids.map((pid) =>
      stat(`/proc/${pid}`).then(
        (entry) => entry.uid,
        () => -1,
      ),
    ),
  )
  return new Set(uids)
}

/** Hands over a tree, symlinks themselves and not what they point to. */
export async function handOver(path: string, to: Owner): Promise<void> {
  await lchown(path, to.uid, to.gid)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) await handOver(inner, to)
    else await lchown(inner, to.uid, to.gid)
  }
}
