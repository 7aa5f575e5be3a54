import { spawn } from 'node:child_process'
import { chown, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { Binaries } from './binaries.ts'
import { handOver, userForInitdb } from './borrowed-user.ts'
import { type PostgresServerError, withFiles } from './errors.ts'
import { explainOutput } from './explain-output.ts'
import { clusterIn, type Owner, ownFolder } from './folder.ts'

export const superuser = 'postgres'

/**
 * Runs initdb: SCRAM for every way in, UTF-8, locale C, data checksums. Made beside its place and renamed, so that
 * an initialisation that was killed half way is never taken for a cluster.
 *
 * The password goes through a file (initdb knows no better way) that only the database's user can read and that is
 * deleted at once. A SCRAM verifier in place of the password is taken by PostgreSQL as it is: then no clear text is on disk.
 */
export async function initialise(
  folder: string,
  binaries: Binaries,
  owner: Owner | undefined,
  password: Secret,
): Promise<Result<void, PostgresServerError>> {
  const work = join(folder, `cluster.new-${process.pid}`)
  const passwordFile = join(work, 'pw')
  const data = join(work, 'data')
  const user = owner && ((await userForInitdb(owner)) ?? owner)
  const made = await withFiles(folder, async () => {
    await ownFolder(work, 0o700, user)
    await password.lend('set-on-target', (bytes) => writeFile(passwordFile, bytes, { mode: 0o600 }))
    if (user) await chown(passwordFile, user.uid, user.gid)
  })
  if (!made.ok) return made
  const output = await run(binaries.initdb, initdbArguments(data, passwordFile), user)
  await rm(passwordFile, { force: true })
  if (output.code !== 0) {
    await rm(work, { recursive: true, force: true })
    return fail(explainOutput(output.lines, { folder, address: '' }))
  }
  return withFiles(folder, async () => {
    if (owner && user !== owner) await handOver(data, owner)
    await rename(data, clusterIn(folder))
    await rm(work, { recursive: true, force: true })
    await syncFolder(folder)
  })
}

const initdbArguments = (data: string, passwordFile: string): string[] => [
  ...['-D', data, '-U', superuser, '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--locale=C', '--data-checksums'],
  ...['--set', 'timezone=UTC', '--set', 'log_timezone=UTC'],
]

function run(program: string, args: string[], owner: Owner | undefined): Promise<{ code: number; lines: string[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...owner,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    })
    let text = ''
    const collect = (chunk: Buffer): void => {
      text = (text + chunk.toString()).slice(-16_384)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? -1, lines: text.split('\n').filter((line) => line.trim()) }))
  })
}

/** The rename itself must be on disk before anybody trusts the cluster. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync()
  await handle.close()
}
