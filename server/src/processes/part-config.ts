import type { kits } from '@claviger/api'
import type { BackupSettings } from '../backup-settings.ts'
import type { BucketSettings } from '../bucket-settings.ts'
import type { RotationSettings } from '../config.ts'
import type { DoorCertificate } from '../gateways/postgres/index.ts'
import type { Steps } from '../gateways/ssh/index.ts'
import type { HsmSettings } from '../hsm-settings.ts'
import type { Role, Seats } from '../keeper/contract.ts'
import type { KmsSettings } from '../kms-settings.ts'
import type { OutageSettings } from '../outage-settings.ts'
import type { Peer } from '../peers.ts'
import type { DbConnection } from '../platform/db/open-db.ts'
import type { PublicUrl } from '../public-url.ts'
import type { SealChoice } from './seal-choice.ts'

/** What each part is told by the supervisor, on its standard input. A part is told its own secrets only. */
export interface KeeperConfig {
  database: DbConnection
  folder: string
  socket: string
  /** SHA-256, hex, of the token of each role. */
  roleTokens: Record<Role, string>
  /** SHA-256, hex, of the token that lies beside the data for its owner. */
  hostToken: string
  seal: SealChoice
  /** Milliseconds for which sealed credentials that programs read are kept. */
  readCacheMs: number
  /** Addresses in CIDR from which targets see our gateways. */
  sshSources: readonly string[]
  /** How many sessions may be open at once, at all gateways together. */
  seats: Seats
  /** Where passkeys may be asked for. */
  passkeySite: PublicUrl['passkeys']
  /** Recipients of scheduled backups. */
  backupsTo: readonly string[]
  /** `program`: what speaks with the token, in a folder that the keeper can read. */
  hsm: (HsmSettings & { program: string }) | undefined
  kms: (KmsSettings & { program: string }) | undefined
  logLevel: string
}

export interface KeeperAddress {
  path: string
  token: string
}

export interface CommonConfig {
  database: DbConnection
  keeper: KeeperAddress
  /** This server among those on the same database. */
  node: { id: string; name: string; version: string }
  lab: boolean
  recordings: string
  /** Where they are taken. */
  bucket: BucketSettings | undefined
  targetNetworks: readonly string[]
  /** Our own doors: no target may be there. */
  ownListeners: readonly { host: string; port: number }[]
  http: { host: string; port: number }
  ssh: { host: string; port: number }
  /** What lets people in at the SSH door. */
  sshSignIn: readonly Steps[]
  postgres: { host: string; port: number }
  mysql: { host: string; port: number }
  logLevel: string
}

export interface ApiConfig extends CommonConfig {
  /** Where the gateway beside it takes what people do in the browser, and the token of this start that it asks for. */
  webDoor: { path: string; token: string }
  /** Packages with kinds of target that are not ours. */
  outsideKinds: readonly string[]
  passkeySite: PublicUrl['passkeys']
  anchorFile: string
  peers: readonly Peer[]
  peersCa: string | undefined
  /** How many sessions may be open at once: told to people. */
  seats: Seats
  rotation: RotationSettings
  /** Milliseconds from one look at a target for privileged accounts to the next. */
  discoverMs: number
  /** Offline kits: where they are laid down, and where their opening is told. */
  kits: { folder: string | null; roads: kits.Roads; drillDays: number }
  backup: BackupSettings
  /** What people call this server. */
  nodeName: string
  console: string
  policies: string
}

export interface GatewayConfig extends CommonConfig {
  /** SHA-256, hex, of the token by which the api shows that it is. */
  webDoor: { path: string; tokenHash: string }
  /** Milliseconds after which a target of which nothing is heard is taken as gone. */
  targetSilenceMs: number
  /** Where people open the console. */
  console: string
  outage: OutageSettings
  sessions: { idleSeconds: number; longestSeconds: number }
  /** From the gateway that this one takes the place of: what its PostgreSQL door showed, for as long as the seal is closed. */
  handedOn?: DoorCertificate
  /** How many carry sessions, the first one included. */
  processes: number
}

export interface GatewayWorkerConfig extends GatewayConfig {
  /** 1 and up: its number. */
  index: number
}
