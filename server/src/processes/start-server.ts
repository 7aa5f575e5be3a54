import { cpSync, existsSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Role } from '../keeper/contract.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { sha256 } from '../platform/crypto/hash.ts'
import { randomToken } from '../platform/crypto/random.ts'
import type { DbConnection } from '../platform/db/open-db.ts'
import { type Child, superviseChild } from '../platform/process/child.ts'
import { folderFor } from '../platform/process/identity.ts'
import { type Database, startDatabase } from './database.ts'
import { openExternalDatabase } from './external-database.ts'
import { layErrand } from './lay-errand.ts'
import { nodeId, versionOf } from './node-identity.ts'
import type { ApiConfig, CommonConfig, GatewayConfig, KeeperConfig } from './part-config.ts'
import { createBackupRunner } from './run-backups.ts'
import { layHostToken, partSocket } from './run-folder.ts'
import { chooseSeal } from './seal-choice.ts'
import { watchParts } from './watch-parts.ts'

export interface RunningServer {
  /** The one-time token while the first run is open. */
  setupToken: string | undefined
  /** Of the keeper's seal when the server started. */
  seal: 'uninitialised' | 'sealed' | 'open'
  /** Why a seal that opens by itself did not, and what to do. */
  waiting: string | undefined
  /** Why nothing opens, when the ledger is not what was signed. */
  divergence: string | undefined
  pids(): Record<string, number | undefined>
  stop(): Promise<void>
}

const here = import.meta.dirname

/** Starts database, keeper, api and gateway, in this order; stops them in the reverse one. */
export async function startServer(
  config: Config,
  progress: (text: string) => void,
  log: (line: string) => void,
): Promise<Result<RunningServer, string>> {
  const { data } = config
  const recordings = folderFor(config.recordings, 'gateway', 0o750)
  const node = { id: nodeId(data), name: config.nodeName, version: versionOf(config.root) }
  folderFor(join(data, 'keeper'), 'keeper', 0o700)
  folderFor(join(data, 'anchors'), 'api', 0o755)
  // copies, since the clone may be closed to the users that our parts run as
  const shared = (name: string, from: string): string => copyFor(join(data, 'run', name), from)
  progress('database')
  const migrations = join(here, '..', 'migrations')
  const database = config.database
    ? await openExternalDatabase(config.database, { migrations, log })
    : await startDatabase({ data, migrations, binaries: join(data, 'bin'), log })
  if (!database.ok) return database

  const children: Child[] = []
  const nodeName = hostname()
  const watch = watchParts({ node: nodeName, children: () => children, backupEveryMs: config.backup.everyMs, log })
  const tokens: Record<Role, string> = { supervisor: randomToken(), api: randomToken(), gateway: randomToken() }
  const socket = partSocket(data, 'keeper')
  const webDoor = { path: partSocket(data, 'gateway'), token: randomToken() }
  const backups = createBackupRunner({
    ...{ settings: config.backup, keeperSocket: { path: socket, token: tokens.supervisor } },
    ...{ owner: database.value.connection('owner'), admin: database.value.admin, node },
    ...{ keeper: join(data, 'keeper'), recordings, migrations: shared('migrations', migrations) },
    changed: () => children.find((c) => c.name === 'api')?.tell({ backups: backups.state() }),
    log,
  })
  const telling = setInterval(() => children.find((c) => c.name === 'api')?.tell({ backups: backups.state() }), 5_000)
  const stop = async (): Promise<void> => {
    watch.stop()
    clearInterval(telling)
    await backups.stop()
    for (const child of children.toReversed()) await child.stop()
    await database.value.running.stop()
  }
  const begin = async (name: string, settings: unknown): Promise<Record<string, unknown>> => {
    progress(name)
    const onWord = (word: Record<string, unknown>): void => {
      watch.heard(name, word)
      if (name === 'api' && typeof word.backups === 'object' && word.backups !== null)
        backups.heard(word.backups as Record<string, unknown>)
    }
    const child = superviseChild({ name, file: join(here, `${name}.ts`), args: [], config: settings, log, onWord })
    children.push(child)
    const ready = await child.ready
    watch.expect(name)
    return ready
  }

  try {
    const keeper = await begin('keeper', keeperConfig(config, database.value, socket, tokens, layHostToken(data)))
    const common = (role: 'api' | 'gateway'): CommonConfig => ({
      database: saying(database.value.connection(role === 'api' ? 'server' : 'gateway'), node.id),
      keeper: { path: socket, token: tokens[role] },
      node,
      lab: config.lab,
      recordings,
      bucket: config.bucket,
      targetNetworks: config.lab ? [...config.targetNetworks, '127.0.0.0/8'] : config.targetNetworks,
      ownListeners: [config.http, config.ssh, config.postgres, config.mysql],
      http: config.http,
      ssh: config.ssh,
      sshSignIn: config.sshSignIn,
      postgres: config.postgres,
      mysql: config.mysql,
      logLevel: config.logLevel,
    })
    await begin('api', {
      ...common('api'),
      webDoor,
      passkeySite: config.publicUrl.passkeys,
      anchorFile: config.anchorFile,
      outsideKinds: config.outsideKinds,
      peers: config.peers,
      seats: config.seats,
      peersCa: config.peersCa,
      rotation: config.rotation,
      discoverMs: config.discoverMs,
      kits: config.kits,
      backup: config.backup,
      nodeName,
      console: shared('console', join(config.root, 'console', 'dist')),
      policies: shared('policies', join(config.root, 'policies')),
    } satisfies ApiConfig)
    await begin('gateway', {
      ...common('gateway'),
      webDoor: { path: webDoor.path, tokenHash: sha256(webDoor.token).toString('hex') },
      targetSilenceMs: config.targetSilenceMs,
      console: config.publicUrl.origin,
      outage: config.outage,
      sessions: config.sessions,
      processes: config.gatewayProcesses,
    } satisfies GatewayConfig)
    return ok({
      setupToken: typeof keeper.setupToken === 'string' ? keeper.setupToken : undefined,
      seal: keeper.seal === 'uninitialised' || keeper.seal === 'sealed' ? keeper.seal : 'open',
      waiting: typeof keeper.waiting === 'string' ? keeper.waiting : undefined,
      divergence: typeof keeper.divergence === 'string' ? keeper.divergence : undefined,
      pids: () => ({ database: database.value.running.pid(), ...Object.fromEntries(children.map((c) => [c.name, c.pid()])) }),
      stop,
    })
  } catch (error) {
    await stop()
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** Each connection says which node it is from: sessions that it writes are that node's. */
const saying = (connection: DbConnection, node: string): DbConnection => ({
  ...connection,
  options: `${connection.options ?? ''} -c claviger.node=${node}`.trim(),
})

function copyFor(to: string, from: string): string {
  rmSync(to, { recursive: true, force: true })
  if (existsSync(from)) cpSync(from, to, { recursive: true })
  return to
}

function keeperConfig(config: Config, database: Database, socket: string, tokens: Record<Role, string>, hostToken: string): KeeperConfig {
  const hash = (role: Role) => sha256(tokens[role]).toString('hex')
  return {
    database: database.connection('keeper'),
    folder: join(config.data, 'keeper'),
    socket,
    roleTokens: { supervisor: hash('supervisor'), api: hash('api'), gateway: hash('gateway') },
    hostToken: sha256(hostToken).toString('hex'),
    seal: chooseSeal(config),
    readCacheMs: config.readCacheMs,
    sshSources: config.sshSources,
    seats: config.seats,
    passkeySite: config.publicUrl.passkeys,
    backupsTo: config.backup.everyMs === undefined ? [] : config.backup.recipients,
    hsm: config.hsm && { ...config.hsm, program: layErrand(config.data, config.root, 'pkcs11/token-program.ts') },
    kms: config.kms && { ...config.kms, program: layErrand(config.data, config.root, 'kms/kms-program.ts') },
    logLevel: config.logLevel,
  }
}
