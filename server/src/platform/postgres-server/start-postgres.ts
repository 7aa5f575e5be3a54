import { createServer } from 'node:net'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { installBinaries } from './binaries.ts'
import type { PostgresServerError } from './errors.ts'
import { claimFolder, clusterIn, type Owner, prepareCluster } from './folder.ts'
import { holdFolder, releaseFolder } from './holder.ts'
import { initialise, superuser } from './initialise.ts'
import { stopOrphan } from './orphan.ts'
import { launchPostmaster, type Postmaster } from './postmaster.ts'
import { prepareSocketFolder, socketPort } from './socket-folder.ts'

export interface PostgresOptions {
  /** Holds the cluster, the binaries and who holds it. Made when absent. */
  folder: string
  /** The product's own database listens on a Unix socket only; TCP is for targets of the lab, on loopback. */
  listen: { socketDir: string } | { host: '127.0.0.1' | '::1'; port: number }
  /** The system user to run as. Needed when we are root (PostgreSQL refuses root), not possible otherwise. */
  uid?: number
  gid?: number
  /** Set on the first start only. Bytes of the password, or of a SCRAM verifier of it. Not wiped here: the caller owns it. */
  superuserPassword: Secret
  /** Gets each line that PostgreSQL logs, and ours about orphans. */
  log: (line: string) => void
  /** Where copies of the binaries lie; several databases may share it. Default `<folder>/bin`. */
  binaries?: string
  /** Server settings beside ours, e.g. `{ log_statement: 'all' }`. */
  settings?: Readonly<Record<string, string>>
}

export interface RunningPostgres {
  /** What node-postgres takes, without the password. `host` is a folder when we listen on a Unix socket. */
  connection: { host: string; port: number; user: string; database: string }
  pid: number
  /** Settles when the database has ended, whoever ended it; `expected` after `stop`. */
  exited: Promise<{ expected: boolean; detail: string }>
  /** Fast shutdown; after ten seconds immediate. Safe to call twice. */
  stop(): Promise<void>
}

/** Starts the embedded PostgreSQL, making its cluster on the first start. A start that was killed is cleaned up after; one that lives is refused. */
export async function startPostgres(options: PostgresOptions): Promise<Result<RunningPostgres, PostgresServerError>> {
  const { folder, log } = options
  const owner = ownerOf(options)
  const claimed = await claimFolder(folder, owner)
  if (!claimed.ok) return claimed
  const held = await holdFolder(folder)
  if (!held.ok) return held
  const started = await startHeld(options, owner)
  if (!started.ok) {
    await releaseFolder(folder)
    return started
  }
  const { postmaster, connection } = started.value
  const exited = postmaster.exited.then(async (end) => {
    await releaseFolder(folder)
    if (!end.expected) log(`the database ${end.detail}`)
    return end
  })
  const stop = async (): Promise<void> => {
    await postmaster.stop()
    await exited
  }
  return ok({ connection, pid: postmaster.pid, exited, stop })
}

type Started = { postmaster: Postmaster; connection: RunningPostgres['connection'] }

async function startHeld(options: PostgresOptions, owner: Owner | undefined): Promise<Result<Started, PostgresServerError>> {
  const { folder, log } = options
  const binaries = await installBinaries(options.binaries ?? join(folder, 'bin'))
  if (!binaries.ok) return binaries
  const cluster = await prepareCluster(folder, binaries.value.major)
  if (!cluster.ok) return cluster
  if (cluster.value.exists) await stopOrphan(clusterIn(folder), log) // it may sit on our port
  const way = await prepareListening(options, owner)
  if (!way.ok) return way
  if (!cluster.value.exists) {
    const made = await initialise(folder, binaries.value, owner, options.superuserPassword)
    if (!made.ok) return made
  }
  const settings = { ...ours, ...way.value.settings, ...options.settings }
  const args = ['-D', clusterIn(folder), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const { host, port } = way.value
  const postmaster = await launchPostmaster({ program: binaries.value.postgres, args, owner, folder, address: `${host}:${port}`, log })
  if (!postmaster.ok) return postmaster
  return ok({ postmaster: postmaster.value, connection: { host, port, user: superuser, database: 'postgres' } })
}

/** Statements can hold secrets: none is logged because it failed. */
const ours = { password_encryption: 'scram-sha-256', log_min_error_statement: 'panic', log_checkpoints: 'off', log_line_prefix: '' }

interface Way {
  host: string
  port: number
  settings: Record<string, string>
}

async function prepareListening({ listen, folder }: PostgresOptions, owner: Owner | undefined): Promise<Result<Way, PostgresServerError>> {
  if ('socketDir' in listen) {
    const dir = await prepareSocketFolder(listen.socketDir, folder, owner)
    if (!dir.ok) return dir
    const settings = {
      listen_addresses: '',
      unix_socket_directories: dir.value,
      unix_socket_permissions: owner ? '0770' : '0700',
      port: `${socketPort}`,
    }
    return ok({ host: dir.value, port: socketPort, settings })
  }
  const { host, port } = listen
  const refusal = await portRefusal(host, port)
  if (refusal) return fail(refusal)
  return ok({ host, port, settings: { listen_addresses: host, unix_socket_directories: '', port: `${port}` } })
}

/** Listens there for a moment: a clear answer before PostgreSQL gives an unclear one. */
function portRefusal(host: string, port: number): Promise<PostgresServerError | undefined> {
  const address = `${host}:${port}`
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: error.code === 'EADDRINUSE' ? 'database.port_taken' : 'database.address_unusable', address }),
    )
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)))
  })
}

function ownerOf({ uid, gid }: PostgresOptions): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (uid === undefined || gid === undefined)
    throw new Error('as root, startPostgres needs a uid and a gid: PostgreSQL refuses to run as root')
  return { uid, gid }
}
