import { accessSync, constants, statSync } from 'node:fs'
import { availableParallelism, hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { kits } from '@claviger/api'
import { z } from 'zod'
import { type BackupSettings, readBackupSettings } from './backup-settings.ts'
import { type BucketSettings, bucketVariables, readBucket } from './bucket-settings.ts'
import { readSteps, type Steps, usualSteps } from './gateways/ssh/steps.ts'
import { type HsmSettings, hsmVariables, readHsm } from './hsm-settings.ts'
import { type SealKindName, type Seats, sealKinds, usualSeats } from './keeper/contract.ts'
import { parseDuration } from './kernel/duration.ts'
import { fail, ok, type Result } from './kernel/result.ts'
import { parseWindows, type Window } from './kernel/window.ts'
import { readKitRoads } from './kit-roads.ts'
import { type KmsSettings, kmsVariables, readKms } from './kms-settings.ts'
import { type OutageSettings, outageVariables, readOutage } from './outage-settings.ts'
import { type Peer, readPeers } from './peers.ts'
import { readPeersCa } from './peers-ca.ts'
import { sha256 } from './platform/crypto/hash.ts'
import { type ExternalDatabase, readExternalDatabase } from './platform/db/external-settings.ts'
import { type PublicUrl, readPublicUrl } from './public-url.ts'
import { readOutsideKinds } from './targets/outside-kinds.ts'

/** A duration such as 90s or 30d, as seconds. */
const duration = z
  .string()
  .max(40)
  .transform((text, context) => {
    const seconds = parseDuration(text)
    if (seconds === undefined) context.addIssue('must be a duration such as 90s, 15m or 30d')
    return seconds ?? 0
  })

const atOnce = z.coerce.number().int().min(1).max(100_000)
const port = z.coerce.number().int().min(0).max(65535)

/** Everything that an operator can set, as environment variables. */
const environment = z.object({
  /** Where all state lives. */
  CLAVIGER_DATA: z.string().min(1).max(1000).optional(),
  CLAVIGER_HTTP_PORT: port.default(8200),
  /** Where people open the console: https://pam.example.com. Default: http://localhost with the port. */
  CLAVIGER_PUBLIC_URL: z.string().max(300).optional(),
  CLAVIGER_SSH_PORT: port.default(2222),
  CLAVIGER_POSTGRES_PORT: port.default(6432),
  CLAVIGER_MYSQL_PORT: port.default(3307),
  /** Where signed checkpoints are appended: put it on another disk or machine. */
  CLAVIGER_ANCHOR_FILE: z.string().max(1000).optional(),
  /** Networks in which targets may be, as CIDR, separated by commas. */
  CLAVIGER_TARGET_NETWORKS: z.string().max(4000).default(''),
  /** Seconds after which a target of which nothing is heard, not even that it is there, is taken as gone. */
  CLAVIGER_TARGET_SILENCE: z.coerce.number().int().min(15).max(3600).default(60),
  /** A PostgreSQL that somebody else runs, in place of the embedded one. */
  DATABASE_URL: z.string().max(4000).optional(),
  /** A file that holds it: an environment is seen by others. */
  DATABASE_URL_FILE: z.string().max(1000).optional(),
  /** A file with what the passwords of our database roles are made of, the same on all nodes. Default: the password in DATABASE_URL. */
  CLAVIGER_DATABASE_SECRET_FILE: z.string().max(1000).optional(),
  /** The seal of a fresh installation. Default: `dev` in the lab, otherwise none until somebody initialises. */
  CLAVIGER_SEAL: z.enum(sealKinds).optional(),
  /** Whether approved algorithms alone are used; refused where OpenSSL has no FIPS provider. */
  CLAVIGER_FIPS: z.enum(['yes', 'no']).default('no'),
  ...hsmVariables,
  ...kmsVariables,
  ...bucketVariables,
  ...outageVariables,
  /** What people call this server, where several work on one database. Default: the host's name. */
  CLAVIGER_NODE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
    .optional(),
  /** Where recordings lie: a folder that all servers share, so that each can show what another recorded. */
  CLAVIGER_RECORDINGS: z.string().min(1).max(1000).optional(),
  /** Other servers on the same database: addresses of their API, or paths of their anchor files, separated by commas. */
  CLAVIGER_PEERS: z.string().max(4000).default(''),
  /** A file with the certificates in PEM by which https addresses among the peers are believed. Default: the public authorities. */
  CLAVIGER_PEERS_CA: z.string().min(1).max(1000).optional(),
  /** How long after the first failure a rotation is tried again; the pause doubles with each. Default: a minute, two seconds in the lab. */
  CLAVIGER_ROTATION_RETRY: duration.optional(),
  /** Packages with kinds of target of somebody else, separated by commas. */
  CLAVIGER_TARGET_KINDS: z.string().max(4000).default(''),
  /** After which age credentials are replaced: of accounts that programs log in with, and of all others. */
  CLAVIGER_ROTATION_AGE_SERVICE: duration.default(30 * 86_400),
  CLAVIGER_ROTATION_AGE: duration.default(90 * 86_400),
  /** When rotations by age may begin, in UTC: `sat,sun 01:00-05:00; 22:00-24:00`. Default: always. */
  CLAVIGER_ROTATION_WINDOW: z
    .string()
    .max(400)
    .default('')
    .transform((text, context) => {
      const windows = parseWindows(text)
      if (!windows) context.addIssue('must be windows such as sat,sun 01:00-05:00; 22:00-24:00')
      return windows ?? []
    }),
  /** How often each credential is tried on its target. */
  CLAVIGER_VERIFY_EVERY: duration.default(86_400),
  /** How often each target is looked at for privileged accounts. */
  CLAVIGER_DISCOVER_EVERY: duration.default(7 * 86_400),
  /** For how long the keeper keeps the sealed credentials that programs read; 0: each is read from the database. */
  CLAVIGER_READ_CACHE: z.coerce.number().int().min(0).max(10).default(1),
  /** What lets people in at the SSH door, separated by commas: gateways/ssh/steps.ts. */
  CLAVIGER_SSH_SIGN_IN: z
    .string()
    .max(200)
    .default(usualSteps.join(','))
    .transform((text, context) => {
      const steps = readSteps(text)
      if (!steps.ok) context.addIssue(steps.error)
      return steps.ok ? steps.value : []
    }),
  /** How many processes carry sessions. Default: one for each core, four at most. */
  CLAVIGER_GATEWAY_PROCESSES: z.coerce.number().int().min(1).max(16).default(Math.min(availableParallelism(), 4)),
  /** Addresses from which targets see our gateways, as CIDR, separated by commas: certificates for sessions are good from there alone. Default: not known. */
  CLAVIGER_SSH_SOURCES: z
    .string()
    .max(1000)
    .default('')
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
    .pipe(
      z
        .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be addresses or networks such as 192.0.2.7 or 10.4.0.0/24'))
        .max(32),
    ),
  /** Where a new offline kit is laid down after each rotation of what it holds. Default: nowhere; a stale kit is an alarm. */
  CLAVIGER_DRILL_DAYS: z.coerce.number().int().min(1).max(366).default(90),
  CLAVIGER_KIT_FOLDER: z.string().min(1).max(1000).optional(),
  /** A file that says where the opening of a kit is told: mail relays, webhooks, whom to call. */
  CLAVIGER_KIT_ROADS: z.string().min(1).max(1000).optional(),
  /** How often each server backs itself up; none: only when somebody asks. */
  CLAVIGER_BACKUP_EVERY: duration.optional(),
  /** To whom backups are encrypted: age recipients, separated by commas. */
  CLAVIGER_BACKUP_RECIPIENTS: z.string().max(2000).default(''),
  /** Where they lie. Put it on another disk or machine. */
  CLAVIGER_BACKUP_FOLDER: z.string().min(1).max(1000).optional(),
  /** How many lie there at most; older ones are removed. */
  CLAVIGER_BACKUP_KEEP: z.coerce.number().int().min(1).max(1000).default(7),
  /** Sessions end after so long without anything passing, and last no longer, whatever policy says. */
  CLAVIGER_SESSION_IDLE: duration.default(8 * 3600),
  CLAVIGER_SESSION_LONGEST: duration.default(8 * 3600),
  /** So many sessions are open at once, at all gateways together: of one person, with one account, on one target. */
  CLAVIGER_SESSIONS_PER_PERSON: atOnce.default(usualSeats.person),
  CLAVIGER_SESSIONS_PER_ACCOUNT: atOnce.default(usualSeats.account),
  CLAVIGER_SESSIONS_PER_TARGET: atOnce.default(usualSeats.target),
  CLAVIGER_BACKUP_RECORDINGS: z.enum(['yes', 'no']).default('no'),
  /** Whether each is restored into a throw-away database before it counts as good. */
  CLAVIGER_BACKUP_CHECK: z.enum(['yes', 'no']).default('yes'),
  CLAVIGER_LAB_DB_PORT: port.default(15432),
  CLAVIGER_LAB_SSH_PORT: port.default(15022),
  CLAVIGER_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('warn'),
})

/** What looks after credentials; times in milliseconds. */
export interface RotationSettings {
  /** The pause after a first failure. */
  retryMs: number
  ages: { serviceMs: number; humanMs: number; verifyMs: number }
  windows: readonly Window[]
  lookMs: number
}

export interface Config {
  data: string
  /** Why the data folder is not the usual one; to be printed. */
  dataNote: string | undefined
  lab: boolean
  nodeName: string
  recordings: string
  /** Where recordings are taken when they are over; undefined: they stay in the folder. */
  bucket: BucketSettings | undefined
  outage: OutageSettings
  /** Undefined: the embedded one. */
  database: ExternalDatabase | undefined
  /** Other servers, whose checkpoints ours are compared with. */
  peers: readonly Peer[]
  /** Certificates in PEM by which their https addresses are believed, in place of the public authorities. */
  peersCa: string | undefined
  /** The seal of a fresh installation, where the operator named one. */
  seal: SealKindName | undefined
  /** The FIPS profile: fips-profile.ts says what it refuses. */
  fips: boolean
  /** The token of the seal `pkcs11`. */
  hsm: HsmSettings | undefined
  /** The key of the seal `aws-kms`. */
  kms: KmsSettings | undefined
  rotation: RotationSettings
  /** Milliseconds from one look at a target for privileged accounts to the next. */
  discoverMs: number
  /** Milliseconds for which sealed credentials that programs read are kept. */
  readCacheMs: number
  /** Addresses or networks from which targets see our gateways. */
  sshSources: readonly string[]
  /** What lets people in at the SSH door. */
  sshSignIn: readonly Steps[]
  kits: { folder: string | null; roads: kits.Roads; drillDays: number }
  backup: BackupSettings
  http: { host: string; port: number }
  publicUrl: PublicUrl
  ssh: { host: string; port: number }
  postgres: { host: string; port: number }
  mysql: { host: string; port: number }
  labPorts: { database: number; ssh: number }
  anchorFile: string
  targetNetworks: readonly string[]
  /** Milliseconds. */
  targetSilenceMs: number
  gatewayProcesses: number
  /** What no policy makes longer, in seconds. */
  sessions: { idleSeconds: number; longestSeconds: number }
  /** How many sessions may be open at once. */
  seats: Seats
  /** Packages with kinds of target that are not ours. */
  outsideKinds: readonly string[]
  logLevel: string
  /** The clone or installation. */
  root: string
}

/** Reads the configuration once, at start. What is wrong is named by variable. */
export function readConfig(env: NodeJS.ProcessEnv, options: { lab: boolean; root: string }): Result<Config, string> {
  const parsed = environment.safeParse(env)
  if (!parsed.success) return fail(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('\n'))
  const e = parsed.data
  const database = readExternalDatabase(e)
  if (!database.ok) return database
  const peers = readPeers(e.CLAVIGER_PEERS)
  if (!peers.ok) return peers
  const outsideKinds = readOutsideKinds(e.CLAVIGER_TARGET_KINDS)
  if (!outsideKinds.ok) return outsideKinds
  const peersCa = readPeersCa(e.CLAVIGER_PEERS_CA)
  if (!peersCa.ok) return peersCa
  const roads = readKitRoads(e.CLAVIGER_KIT_ROADS)
  if (!roads.ok) return roads
  const hsm = readHsm(e, env)
  if (!hsm.ok) return hsm
  const kms = readKms(e, env)
  if (!kms.ok) return kms
  const bucket = readBucket(e)
  if (!bucket.ok) return bucket
  const publicUrl = readPublicUrl(e.CLAVIGER_PUBLIC_URL, e.CLAVIGER_HTTP_PORT)
  if (!publicUrl.ok) return publicUrl
  const { data, note } = dataFolder(e.CLAVIGER_DATA, options.root)
  const backup = readBackupSettings(e, data)
  if (!backup.ok) return backup
  return ok({
    data,
    dataNote: note,
    lab: options.lab,
    nodeName:
      e.CLAVIGER_NODE_NAME ??
      hostname()
        .replace(/[^A-Za-z0-9._-]/g, '-')
        .slice(0, 100),
    recordings: resolve(e.CLAVIGER_RECORDINGS ?? join(data, 'recordings')),
    bucket: bucket.value,
    outage: readOutage(e),
    database: database.value,
    peers: peers.value,
    peersCa: peersCa.value,
    seal: e.CLAVIGER_SEAL,
    fips: e.CLAVIGER_FIPS === 'yes',
    readCacheMs: e.CLAVIGER_READ_CACHE * 1000,
    sshSources: e.CLAVIGER_SSH_SOURCES,
    sshSignIn: e.CLAVIGER_SSH_SIGN_IN,
    hsm: hsm.value,
    kms: kms.value,
    rotation: {
      retryMs: (e.CLAVIGER_ROTATION_RETRY ?? (options.lab ? 2 : 60)) * 1000,
      ages: {
        serviceMs: e.CLAVIGER_ROTATION_AGE_SERVICE * 1000,
        humanMs: e.CLAVIGER_ROTATION_AGE * 1000,
        verifyMs: e.CLAVIGER_VERIFY_EVERY * 1000,
      },
      windows: e.CLAVIGER_ROTATION_WINDOW,
      lookMs: options.lab ? 2_000 : 15_000,
    },
    discoverMs: e.CLAVIGER_DISCOVER_EVERY * 1000,
    kits: { folder: e.CLAVIGER_KIT_FOLDER ? resolve(e.CLAVIGER_KIT_FOLDER) : null, roads: roads.value, drillDays: e.CLAVIGER_DRILL_DAYS },
    backup: backup.value,
    http: { host: '127.0.0.1', port: e.CLAVIGER_HTTP_PORT },
    publicUrl: publicUrl.value,
    ssh: { host: '127.0.0.1', port: e.CLAVIGER_SSH_PORT },
    postgres: { host: '127.0.0.1', port: e.CLAVIGER_POSTGRES_PORT },
    mysql: { host: '127.0.0.1', port: e.CLAVIGER_MYSQL_PORT },
    labPorts: { database: e.CLAVIGER_LAB_DB_PORT, ssh: e.CLAVIGER_LAB_SSH_PORT },
    anchorFile: e.CLAVIGER_ANCHOR_FILE ?? join(data, 'anchors', 'checkpoints'),
    targetNetworks: e.CLAVIGER_TARGET_NETWORKS.split(',')
      .map((n) => n.trim())
      .filter((n) => n !== ''),
    targetSilenceMs: e.CLAVIGER_TARGET_SILENCE * 1000,
    gatewayProcesses: e.CLAVIGER_GATEWAY_PROCESSES,
    sessions: { idleSeconds: e.CLAVIGER_SESSION_IDLE, longestSeconds: e.CLAVIGER_SESSION_LONGEST },
    seats: {
      person: e.CLAVIGER_SESSIONS_PER_PERSON,
      account: e.CLAVIGER_SESSIONS_PER_ACCOUNT,
      target: e.CLAVIGER_SESSIONS_PER_TARGET,
    },
    outsideKinds: outsideKinds.value,
    logLevel: e.CLAVIGER_LOG_LEVEL,
    root: options.root,
  })
}

/** `<clone>/data`; as root in a clone that other users cannot enter (a private home), a folder that our own users can. */
function dataFolder(wanted: string | undefined, root: string): { data: string; note: string | undefined } {
  if (wanted !== undefined) return { data: resolve(wanted), note: undefined }
  if (process.getuid?.() !== 0 || openToOthers(root)) return { data: join(root, 'data'), note: undefined }
  const data = join('/var/lib/claviger', sha256(root).toString('hex').slice(0, 12))
  return { data, note: `${root} is closed to other users, so the state is in ${data} (set CLAVIGER_DATA to choose).` }
}

function openToOthers(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    try {
      accessSync(at, constants.F_OK)
      if ((statSync(at).mode & 0o001) === 0) return false
    } catch {
      return false
    }
    if (at === dirname(at)) return true
  }
}
