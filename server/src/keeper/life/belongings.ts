import type pg from 'pg'
import { type KeeperRefusal, type Seats, usualSeats } from '../contract.ts'
import type { OpenedKeeper } from '../open-keeper.ts'
import type { PasskeySite } from '../people/passkeys.ts'
import { openSetup, type Setup } from '../people/setup.ts'
import { CeremonyTable } from '../seal/ceremony-table.ts'
import { countRunningGrants, hasHistory } from '../seal/installation.store.ts'
import type { InstallationRecord } from '../seal/installation.ts'
import { type FoundRecords, findRecords, leadingRecord } from '../seal/installation-state.ts'
import type { SealPlace } from '../seal/kinds/kind.ts'
import { opensByItself } from '../seal/kinds/kinds.ts'
import type { SealAct, SealFields, SealPersonal } from '../seal/seal-acts.ts'
import { openSealNotes, type SealNote, type SealNotes } from '../seal/seal-notes.ts'
import { ShareDesk } from '../seal/share-desk.ts'
import { type KeeperFolder, openFolder } from '../state/folder.ts'
import type { LifeOptions, LifeState } from './states.ts'

/** What the steps of a keeper's life work on: its folder, the records that were found, the shares on the desk, and its keys once it has them. */
export class Belongings {
  readonly pool: pg.Pool
  readonly folder: KeeperFolder
  readonly desk: ShareDesk
  readonly ceremony: CeremonyTable
  readonly place: SealPlace
  readonly notes: SealNotes
  readonly setup: Setup
  readonly log: (line: string) => void
  readonly now: () => Date
  found: FoundRecords = { folder: undefined, database: undefined, unreadable: false }
  opened: OpenedKeeper | undefined
  /** Why a seal that opens by itself is closed. */
  waiting: KeeperRefusal | undefined
  /** What was begun with the keys and is not over. */
  readonly running = new Set<Promise<unknown>>()
  readonly #listeners = new Set<(state: LifeState) => void>()
  #state: LifeState = 'uninitialised'

  /** Kinds of seal that may not be used here, each with why. */
  readonly refused: LifeOptions['refused']
  readonly readCacheMs: number
  readonly sshSources: readonly string[]
  readonly seats: Seats
  readonly passkeySite: PasskeySite | undefined
  readonly backupsTo: readonly string[]

  constructor(options: LifeOptions) {
    const { pool, folder, log, now, refused, backupsTo, readCacheMs = 0, sshSources = [], seats = usualSeats, hsm, kms } = options
    this.refused = refused
    this.readCacheMs = readCacheMs
    this.sshSources = sshSources
    this.seats = seats
    this.passkeySite = options.passkeySite
    this.backupsTo = backupsTo ?? []
    this.pool = pool
    this.log = log
    this.now = now ?? (() => new Date())
    this.folder = openFolder(folder)
    this.desk = new ShareDesk(this.now)
    this.ceremony = new CeremonyTable(this.now)
    this.place = { folder: this.folder, hsm, kms }
    this.notes = openSealNotes(this.folder)
    this.setup = openSetup({
      isOpen: () => this.opened?.context.installation.facts.setupOpen ?? this.record()?.facts.setupOpen ?? true,
      finish: async () => await this.opened?.context.installation.change({ setupOpen: false }),
    })
  }

  get state(): LifeState {
    return this.#state
  }

  become(state: LifeState): void {
    if (this.#state === state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }

  onChange(listener: (state: LifeState) => void): void {
    this.#listeners.add(listener)
  }

  /** The record that is there. Nothing in it is to be believed before a root key fits it. */
  record(): InstallationRecord | undefined {
    return leadingRecord(this.found)
  }

  /** Looks again what folder and database say. Throws, with what to do, when keys are missing that should be there. */
  async look(): Promise<void> {
    this.found = await findRecords(this.pool, this.folder)
    const lost = !this.record() && (this.found.unreadable || (await hasHistory(this.pool)))
    if (lost)
      throw new Error(
        `The database holds the history of a Claviger, but neither it (vault.installation) nor ${this.folder.path('')} says which keys belong to it. Put either back from a backup. No new vault is made over an old one.`,
      )
    const kind = this.record()?.facts.seal.kind
    if (this.#state === 'uninitialised' && kind && !opensByItself(kind)) this.become('sealed')
  }

  /** Grants that the rows call active; none when the database does not answer. */
  async runningGrants(): Promise<number> {
    return await countRunningGrants(this.pool).catch(() => 0)
  }

  /** Kept in the folder until there are keys to enter it with. */
  note<A extends SealAct>(
    act: A,
    fields: SealFields<A>,
    how: Partial<Pick<SealNote, 'phase' | 'by'>> & { personal?: SealPersonal<A> } = {},
  ): void {
    try {
      const { phase = 'done', by = null, personal = {} } = how
      this.notes.add({ at: this.now().toISOString(), act, phase, by, fields, personal })
    } catch (error) {
      this.log(`ALARM: ${act} could not be noted (${String(error)}); is the disk full?`)
    }
  }
}
