import type pg from 'pg'
import type { Seats } from './contract.ts'
import type { Readings } from './decide/readings.ts'
import type { FactKind } from './facts/fact.ts'
import type { FactReader } from './facts/fact-reader.ts'
import type { keepFacts } from './facts/keep-facts.ts'
import type { KeeperKeys } from './keys.ts'
import type { Compare } from './ledger/compare.ts'
import type { Follow } from './ledger/follow.ts'
import type { Notary } from './ledger/notary.ts'
import type { OwnEntries } from './own-entries.ts'
import type { createPasswordPolicies } from './passwords/policies.ts'
import type { Enrolments } from './people/enrolments.ts'
import type { Factors } from './people/factors.ts'
import type { Passkeys } from './people/passkeys.ts'
import type { Presences } from './people/presence.ts'
import type { Prove } from './people/prove.ts'
import type { Setup } from './people/setup.ts'
import type { Tickets } from './people/tickets.ts'
import type { Installation } from './seal/installation-state.ts'
import type { Backups } from './state/backups.ts'
import type { KeeperFolder } from './state/folder.ts'
import type { KeeperIdentity } from './state/identity.ts'
import type { ActivationDoors } from './vault/activation-doors.ts'
import type { Destroyed } from './vault/destroyed.ts'
import type { DestroyedRecording } from './vault/destroyed-recording.ts'
import type { KeptCandidates } from './vault/kept-candidates.ts'
import type { LocationKeys } from './vault/location-keys.ts'
import type { OpenedForActivation } from './vault/opened-for-activation.ts'
import type { OpenedForWords } from './vault/opened-for-words.ts'
import type { Rewrap } from './vault/rewrap/rewrap.ts'
import type { SealedVersions } from './vault/sealed-versions.ts'
import type { Showings } from './vault/showings.ts'
import type { Vault } from './vault/vault.ts'
import type { createVersionPolicy } from './vault/version-policy.ts'

/** The parts of the keeper, as its operations use them. Each operation picks what it needs. */
export interface KeeperContext {
  pool: pg.Pool
  folder: KeeperFolder
  installation: Installation
  identity: KeeperIdentity
  keys: KeeperKeys
  notary: Notary
  follow: Follow
  compare: Compare
  facts: FactReader
  /** Grants, as they are known for as long as the ledger knows none later. */
  grants: ReturnType<typeof keepFacts>
  vault: Vault
  locationKeys: LocationKeys
  rewrap: Rewrap
  /** Codes that come for one act are for `prove`. */
  factors: Pick<Factors, 'spendPending'>
  passkeys: Pick<Passkeys, 'site'>
  prove: Prove
  presences: Presences
  enrolments: Enrolments
  destroyed: Destroyed
  destroyedRecording: DestroyedRecording
  versionPolicy: ReturnType<typeof createVersionPolicy>
  passwordPolicies: ReturnType<typeof createPasswordPolicies>
  tickets: Tickets
  readTickets: Tickets
  readings: Readings
  sealedVersions: SealedVersions
  showings: Showings
  /** Links that let somebody in already. */
  usedLinks: Showings
  candidates: KeptCandidates
  activationDoors: ActivationDoors
  openedForActivation: OpenedForActivation
  openedForWords: OpenedForWords
  backups: Backups
  /** Addresses in CIDR from which targets see our gateways; none: not known. */
  sshSources: readonly string[]
  /** How many sessions may be open at once. */
  seats: Seats
  setup: Setup
  now: () => Date
  /** Since when the keys are there. */
  openedAt: Date
  /** Why nothing opens: the ledger is not what we signed. Undefined when all is well. */
  divergence: string | undefined
  /** Officers who acknowledged the divergence so far. */
  acknowledged: Set<string>
  alarm: (kind: FactKind | string, id: string, why: string) => Promise<void>
  /** Writes an entry of the keeper's own. */
  note: OwnEntries['note']
  prepareNote: OwnEntries['prepareNote']
}
