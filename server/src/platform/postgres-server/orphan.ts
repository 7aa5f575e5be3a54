import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Processes of a PostgreSQL that works in this cluster. Recognised by what they are, not by a number in a file: the
 * program is `postgres` and its working directory is the cluster (postgres changes to it and stays there).
 */
export async function postgresIn(cluster: string): Promise<number[]> {
  const place = await realpath(cluster)
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      if ((await readlink(`/proc/${name}/cwd`)) !== place) continue
      const program = basename((await readlink(`/proc/${name}/exe`)).replace(/ \(deleted\)$/, ''))
      if (program === 'postgres') found.push(Number(name))
    } catch {
      // gone meanwhile, or of another user: not ours
    }
  }
  return found
}

/**
 * Stops what a killed start left behind: fast shutdown, then harder. Afterwards nothing works in the cluster.
 * Answers how many processes there were.
 */
export async function stopOrphan(cluster: string, log: (line: string) => void): Promise<number> {
  const first = await postgresIn(cluster)
  if (first.length > 0) log(`stopping a database that a killed start left behind (${first.length} processes)`)
  // Without a postmaster its children end by themselves within moments: SIGINT then only hurries an idle one.
  for (const { signal, patience } of [
    { signal: 'SIGINT', patience: 10_000 },
    { signal: 'SIGQUIT', patience: 5_000 },
    { signal: 'SIGKILL', patience: 5_000 },
  ] as const) {
    for (const pid of await postmasterFirst(cluster)) kill(pid, signal)
    for (let waited = 0; waited < patience && (await postgresIn(cluster)).length > 0; waited += 50) await sleep(50)
  }
  await dropStaleLock(cluster)
  return first.length
}

/** The postmaster alone where there is one (it ends its children in order), otherwise the children. */
async function postmasterFirst(cluster: string): Promise<number[]> {
  const pids = await postgresIn(cluster)
  const postmaster = await lockedBy(cluster)
  return postmaster !== undefined && pids.includes(postmaster) ? [postmaster] : pids
}

/** After a reboot the number in `postmaster.pid` can belong to some other program, and PostgreSQL would then refuse to start. */
async function dropStaleLock(cluster: string): Promise<void> {
  const pid = await lockedBy(cluster)
  if (pid === undefined || (await postgresIn(cluster)).includes(pid)) return
  await rm(join(cluster, 'postmaster.pid'), { force: true })
}

async function lockedBy(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it ended by itself
  }
}
