import type pg from 'pg'
import { ok, type Result } from '../kernel/result.ts'
import { Secret } from '../kernel/secret.ts'
import { randomSecretBytes } from '../platform/crypto/random.ts'
import { collectGarbage } from '../platform/process/garbage.ts'
import type { KeeperRefusal } from './contract.ts'
import { type OpenedKeeper, openKeeper } from './open-keeper.ts'
import { openSetup, type Setup } from './people/setup.ts'
import { refuse } from './refuse.ts'
import { makeDevRoot, openDevRoot } from './seal/dev-root.ts'
import { takeOverEarlierFolder } from './seal/earlier-folder.ts'
import { countRunningGrants, hasHistory } from './seal/installation.store.ts'
import type { InstallationRecord, SealFacts, SealKind } from './seal/installation.ts'
import { type FoundRecords, findRecords, fits, openRecord } from './seal/installation-state.ts'
import { layDownInstallation } from './seal/lay-down-installation.ts'
import type { SealAct, SealFields, SealPersonal } from './seal/seal-acts.ts'
import { openSealNotes, type SealNote, type SealNotes } from './seal/seal-notes.ts'
import { type Progress, ShareDesk } from './seal/share-desk.ts'
import { joinShares, splitRoot } from './seal/split-root.ts'
import { type KeeperFolder, openFolder } from './state/folder.ts'

/*
 * Terminology
 *
 * - uninitialised: there is no root key yet; `initialise` makes one and hands out its shares
 * - sealed: the root key is with the custodians; nothing opens until enough of them gave their shares
 * - open: the keys are in this process's memory
 * - closing: somebody seals; what runs may end in order, nothing new opens
 */
export type LifeState = 'uninitialised' | 'sealed' | 'open' | 'closing'

export interface LifeOptions {
  pool: pg.Pool
  folder: string
  log: (line: string) => void
  now?: () => Date
  /** The seal of a fresh installation: `dev` is made at once, for `shamir` (and for no choice) somebody initialises. */
  fresh?: SealKind | undefined
  /** What the operator asked for: that it is another one than the installation has must not pass in silence. */
  wanted?: SealKind | undefined
  /** Why the seal `dev` may not be used here. */
  devRefused?: string | undefined
}

export interface SealStatus {
  state: LifeState
  kind: SealKind | undefined
  progress: (Progress & { shares: number; set: string }) | undefined
  /** Grants that the rows call active while nothing opens. */
  runningGrants: number
}

const closingPatienceMs = 12_000

/** The keeper over its life: it may start without keys, get them, and lose them again, and its process goes on. */
export class KeeperLife {
  readonly setup: Setup
  readonly #options: LifeOptions
  readonly #folder: KeeperFolder
  readonly #now: () => Date
  readonly #desk: ShareDesk
  readonly #notes: SealNotes
  readonly #listeners = new Set<(state: LifeState) => void>()
  #state: LifeState = 'uninitialised'
  #found: FoundRecords = { folder: undefined, database: undefined, unreadable: false }
  #opened: OpenedKeeper | undefined
  #running = new Set<Promise<unknown>>()
  /** One of these at a time: two could both open, or open what the other lays down. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: LifeOptions) {
    this.#options = options
    this.#now = options.now ?? (() => new Date())
    this.#folder = openFolder(options.folder)
    this.#desk = new ShareDesk(this.#now)
    this.#notes = openSealNotes(this.#folder)
    this.setup = openSetup({
      isOpen: () => this.#opened?.context.installation.facts.setupOpen ?? this.#record()?.facts.setupOpen ?? true,
      finish: async () => await this.#opened?.context.installation.change({ setupOpen: false }),
    })
  }

  get state(): LifeState {
    return this.#state
  }
  get opened(): OpenedKeeper | undefined {
    return this.#opened
  }
  onChange(listener: (state: LifeState) => void): void {
    this.#listeners.add(listener)
  }
  /** Keeps count of what runs, so that closing can wait for it. */
  async running<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work)
    return await work.finally(() => this.#running.delete(work))
  }

  /** Looks what there is, and opens what opens by itself. Throws, with what to do, when keys are missing that should be there. */
  async start(): Promise<this> {
    const { pool, fresh, wanted, devRefused } = this.#options
    await takeOverEarlierFolder(pool, this.#folder)
    await this.#look()
    const kind = this.#record()?.facts.seal.kind
    if (kind && wanted && kind !== wanted)
      throw new Error(
        `This installation has the seal "${kind}", and CLAVIGER_SEAL asks for "${wanted}". It counts at the first start only: remove it, or begin anew with another data folder.`,
      )
    if ((kind ?? fresh) === 'dev' && devRefused) throw new Error(devRefused)
    if (kind === undefined && fresh === 'dev') await this.#initialiseDev()
    else if (kind === 'dev') await this.#openDev()
    else if (kind === 'shamir') this.#changed('sealed')
    if (this.#state === 'sealed') await this.#warnOfGrants()
    return this
  }

  async status(): Promise<SealStatus> {
    if (this.#state === 'uninitialised') await this.#look().catch(() => undefined)
    const facts = this.#opened?.context.installation.facts.seal ?? this.#record()?.facts.seal
    const shamir = facts?.kind === 'shamir' ? facts : undefined
    const sealed = this.#state !== 'open'
    return {
      state: this.#state,
      kind: facts?.kind,
      progress: shamir && { given: this.#desk.given(), threshold: shamir.threshold, shares: shamir.shares, set: shamir.set },
      runningGrants: sealed ? await countRunningGrants(this.#options.pool).catch(() => 0) : 0,
    }
  }

  /** Makes the root key and hands out its shares, once. Whoever asks was checked. May be repeated until the first unseal. */
  initialise(shares: number, threshold: number, by: string): Promise<Result<{ set: string; handOut: Secret }, KeeperRefusal>> {
    return this.#inTurn(async () => {
      await this.#look()
      const { pool } = this.#options
      const before = this.#record()
      if (this.#opened || (before && (before.facts.seal.kind === 'dev' || (await hasHistory(pool)))))
        return refuse('seal.initialised', 'This installation has its seal already. Its shares are with the custodians: claviger unseal.')
      this.#desk.forget()
      const root = randomSecretBytes(32)
      const split = await splitRoot(root, shares, threshold)
      const former = before?.facts.seal.kind === 'shamir' ? [...before.facts.seal.former, before.facts.seal.set].slice(-64) : []
      const facts: SealFacts = { kind: 'shamir', set: split.set, threshold, shares, digests: split.digests, former }
      this.#note('seal.initialised', { by, kind: 'shamir', set: split.set, threshold, shares })
      const laid = await layDownInstallation(pool, this.#folder, root, facts, before)
      root.fill(0)
      const handOut = new Secret(split.texts)
      await this.#look()
      if (!laid) {
        handOut.wipe()
        return refuse('seal.initialised', 'Another server of this installation made the seal at this moment. Look at claviger seal status.')
      }
      this.#changed('sealed')
      return ok({ set: split.set, handOut })
    })
  }

  /** Takes one share. The last one that is needed opens everything. */
  offer(share: Secret, source: string): Promise<Result<Progress & { open: boolean }, KeeperRefusal>> {
    return this.#inTurn(async () => {
      if (this.#state === 'uninitialised') await this.#look()
      const record = this.#record()
      if (!record) return refuse('seal.uninitialised', 'There is no seal yet, so no share either. Initialise first: claviger init.')
      if (this.#opened) return refuse('seal.open', 'The seal is open already.')
      const { seal } = record.facts
      if (seal.kind !== 'shamir') return refuse('seal.takes_no_shares', `The seal "${seal.kind}" takes no shares.`)
      const braked = this.#desk.brake(source)
      if (braked) return braked
      const offered = await share.use('unseal', (bytes) => this.#desk.offer(bytes, seal, source))
      if (!offered.ok) {
        this.#note(
          'seal.share_refused',
          { code: offered.error.code, number: offered.error.facts?.number ?? null, set: seal.set },
          { phase: 'refused', personal: { source } },
        )
        return offered
      }
      const { number, progress } = offered.value
      this.#note('seal.share_given', { number, given: progress.given, threshold: seal.threshold, set: seal.set }, { personal: { source } })
      if (progress.given < seal.threshold) return ok({ ...progress, open: false })
      const root = await this.#desk.take(joinShares)
      try {
        const opened = await this.#open(root)
        return opened.ok ? ok({ ...progress, open: true }) : opened
      } finally {
        root.fill(0)
        collectGarbage()
      }
    })
  }

  /**
   * Closes the seal: what runs may end (`ended` resolves when the doors are closed), then every key is forgotten. The entry is written and signed
   * before, where ledger and database still answer; sealing itself waits for nobody.
   */
  seal(by: { person: string | null }, ended: () => Promise<void>): Promise<Result<void, KeeperRefusal>> {
    return this.#inTurn(async () => {
      const opened = this.#opened
      if (!opened) return refuse('seal.closed', 'The seal is closed already.')
      if (opened.context.installation.facts.seal.kind === 'dev')
        return refuse(
          'seal.opens_by_itself',
          'The seal "dev" opens by itself at every start, so closing it protects nothing. Stop the server instead.',
        )
      this.#changed('closing')
      const grants = await countRunningGrants(this.#options.pool).catch(() => 0)
      await within(closingPatienceMs, ended())
      if (grants > 0)
        await within(
          2_000,
          opened.context.alarm(
            'seal',
            'grants',
            `sealed while ${grants} grants run: their sessions were cut, and nothing opens or is taken away until the next unseal`,
          ),
        )
      const at = this.#now()
      const noted = await within(
        closingPatienceMs,
        opened.context
          .note('seal.sealed', { grants }, { by: by.person, at })
          .then((id) => opened.context.notary.whenSigned(id, closingPatienceMs)),
      )
      if (noted === undefined) this.#note('seal.sealed', { grants }, { by: by.person })
      // whoever asked to seal waits for us: it is not waited for
      await within(closingPatienceMs, Promise.allSettled([...this.#running]))
      opened.wipe()
      this.#opened = undefined
      await this.#look().catch(() => undefined)
      this.#changed('sealed')
      collectGarbage()
      return ok(undefined)
    })
  }

  /** Forgets everything, at the end of the process. */
  end(): void {
    this.#desk.forget()
    this.#opened?.wipe()
  }

  #record(): InstallationRecord | undefined {
    return this.#found.folder ?? this.#found.database
  }

  async #look(): Promise<void> {
    const { pool } = this.#options
    this.#found = await findRecords(pool, this.#folder)
    const lost = !this.#record() && (this.#found.unreadable || (await hasHistory(pool)))
    if (lost)
      throw new Error(
        `The database holds the history of a Claviger, but neither it (vault.installation) nor ${this.#folder.path('')} says which keys belong to it. Put either back from a backup. No new vault is made over an old one.`,
      )
    if (this.#state === 'uninitialised' && this.#record()?.facts.seal.kind === 'shamir') this.#changed('sealed')
  }

  async #initialiseDev(): Promise<void> {
    const root = makeDevRoot(this.#folder)
    const laid = await layDownInstallation(this.#options.pool, this.#folder, root, { kind: 'dev' }, undefined)
    root.fill(0)
    if (!laid) throw new Error('Another server made this installation at this moment, with a seal of its own. Start again.')
    this.#note('seal.initialised', { by: 'setting', kind: 'dev', set: null, threshold: null, shares: null })
    await this.#look()
    await this.#openDev()
  }

  async #openDev(): Promise<void> {
    const root = openDevRoot(this.#folder)
    try {
      const opened = await this.#open(root)
      if (!opened.ok) throw new Error(opened.error.message)
    } finally {
      root.fill(0)
    }
  }

  async #open(root: Buffer): Promise<Result<void, KeeperRefusal>> {
    await this.#look()
    const { pool, log } = this.#options
    const record = this.#record()
    const misfit = refuse(
      'seal.does_not_open',
      "The root key does not fit this installation's record: the keys and the data belong to different installations, or somebody changed the record. Put back the matching one.",
    )
    if (!record || ![this.#found.folder, this.#found.database].some((r) => r && fits(root, r.facts))) {
      this.#note('seal.does_not_open', {}, { phase: 'refused' })
      return misfit
    }
    const believed = await openRecord(pool, this.#folder, root, this.#found)
    if (!believed) {
      this.#note('seal.does_not_open', {}, { phase: 'refused' })
      return misfit
    }
    const kind = believed.installation.facts.seal.kind
    const opened = await openKeeper({ pool, folder: this.#folder, root, record: believed, setup: this.setup, log, now: this.#now })
    this.#opened = opened
    for (const { at, act, fields, ...how } of this.#notes.all()) await opened.context.note(act, fields, { ...how, at: new Date(at) })
    this.#notes.clear()
    if (kind !== 'dev')
      await opened.context.note('seal.unsealed', {
        set: believed.installation.facts.seal.kind === 'shamir' ? believed.installation.facts.seal.set : null,
      })
    this.#changed('open')
    return ok(undefined)
  }

  async #warnOfGrants(): Promise<void> {
    const grants = await countRunningGrants(this.#options.pool).catch(() => 0)
    if (grants === 0) return
    this.#options.log(`ALARM: sealed while ${grants} grants run. Nothing opens or is taken away until the seal is opened: claviger unseal`)
    this.#note('alarm.seal', { kind: 'seal', subject: 'grants', why: `started sealed while ${grants} grants run` }, { phase: 'alarm' })
  }

  /** Kept in the folder until there are keys to enter it with. */
  #note<A extends SealAct>(
    act: A,
    fields: SealFields<A>,
    how: Partial<Pick<SealNote, 'phase' | 'by'>> & { personal?: SealPersonal<A> } = {},
  ): void {
    try {
      const { phase = 'done', by = null, personal = {} } = how
      this.#notes.add({ at: this.#now().toISOString(), act, phase, by, fields, personal })
    } catch (error) {
      this.#options.log(`ALARM: ${act} could not be noted (${String(error)}); is the disk full?`)
    }
  }

  #changed(state: LifeState): void {
    if (this.#state === state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

/** What it comes to, or undefined when it takes longer or fails. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  return await Promise.race([work.catch(() => undefined), late]).finally(() => clearTimeout(timer))
}

export const startKeeper = (options: LifeOptions): Promise<KeeperLife> => new KeeperLife(options).start()
