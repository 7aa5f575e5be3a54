import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ok, type Result } from '../../server/src/kernel/result.ts'
import { Secret } from '../../server/src/kernel/secret.ts'
import { type PostgresServerError, startPostgres, withFiles } from '../../server/src/platform/postgres-server/index.ts'
import { newSalt, scramVerifier } from '../../server/src/protocols/scram/index.ts'
import { type InitialAccount, initialCredentials } from './credentials.ts'
import { seed } from './seed.ts'

export interface OrdersDbOptions {
  /** Holds the cluster and the initial credentials; must let the database's user pass. */
  folder: string
  port: number
  /** The system user of the database, needed as root: another one than that of Claviger's own database. */
  uid?: number
  gid?: number
  log: (line: string) => void
  /** Where copies of PostgreSQL's binaries lie; may be shared with Claviger's own database. */
  binaries?: string
}

export interface OrdersDb {
  host: '127.0.0.1'
  port: number
  /** For people: how far this target may be trusted. */
  label: string
  /** What a target of kind `postgres` is made of. */
  settings: { host: string; port: number; database: string; tls: 'off-scram' }
  /** What an administrator may pin: the way of proof, and the cluster's own number. */
  identity: { proof: 'scram-server-signature'; systemIdentifier: string }
  /** As they were at the very first start; a vault that took them over has changed them since. */
  accounts: readonly InitialAccount[]
  pid: number
  exited: Promise<{ expected: boolean; detail: string }>
  stop(): Promise<void>
}

const made = z.strictObject({ systemIdentifier: z.string().regex(/^\d{1,20}$/) })

/** Starts the lab's database, a second embedded PostgreSQL; makes it on the first start, and finds its state on every later one. */
export async function startOrdersDb({
  folder,
  port,
  uid,
  gid,
  log,
  binaries,
}: OrdersDbOptions): Promise<Result<OrdersDb, PostgresServerError>> {
  const credentials = await withFiles(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o711 })
    return initialCredentials(folder)
  })
  if (!credentials.ok) return credentials
  const accounts = credentials.value
  const superuserPassword = await verifierOf(accounts, 'postgres')
  const started = await startPostgres({
    folder: join(folder, 'postgres'),
    listen: { host: '127.0.0.1', port },
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(binaries !== undefined && { binaries }),
    superuserPassword,
    log,
  })
  if (!started.ok) return started
  const { connection, pid, exited, stop } = started.value
  const systemIdentifier = await seededOnce(folder, () => seed(connection, accounts)).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return ok({
    host: '127.0.0.1',
    port,
    label: 'lab: SCRAM, no TLS, loopback only',
    settings: { host: '127.0.0.1', port, database: 'orders', tls: 'off-scram' },
    identity: { proof: 'scram-server-signature', systemIdentifier },
    accounts,
    pid,
    exited,
    stop,
  })
}

/** `made.json` is written last: while it is absent the initial superuser password still works, afterwards nobody here needs it. */
async function seededOnce(folder: string, work: () => Promise<string>): Promise<string> {
  const file = join(folder, 'made.json')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text !== undefined) return made.parse(JSON.parse(text)).systemIdentifier
  const systemIdentifier = await work()
  await writeFile(file, `${JSON.stringify({ systemIdentifier })}\n`)
  return systemIdentifier
}

/** PostgreSQL takes a verifier in place of the password, so that initdb's password file holds no clear text. */
async function verifierOf(accounts: readonly InitialAccount[], name: string): Promise<Secret> {
  const password = accounts.find((account) => account.name === name)?.password ?? ''
  const verifier = await scramVerifier(Buffer.from(password), newSalt())
  if (!verifier.ok) throw new Error(verifier.error.code)
  return Secret.fromText(verifier.value)
}
