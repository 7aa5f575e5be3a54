import { fail, ok, type Result } from '../kernel/result.ts'
import type { Secret } from '../kernel/secret.ts'
import type { KeeperRefusal } from './contract.ts'
import { Belongings } from './life/belongings.ts'
import { beginCeremony, confirmCeremony, dropCeremony } from './life/ceremony/begin-ceremony.ts'
import { type Given, giveShare } from './life/ceremony/give-share.ts'
import { goOn, type WentOn } from './life/ceremony/go-on.ts'
import { closeSeal } from './life/close-seal.ts'
import { type HandedOut, initialiseByItself, initialiseSeal } from './life/initialise-seal.ts'
import { KeepTrying, openAgain, tryToOpen } from './life/keep-trying.ts'
import { offerShare } from './life/offer-share.ts'
import { openByItself } from './life/open-seal.ts'
import { showSeal } from './life/show-seal.ts'
import type { LifeOptions, LifeState, SealStatus } from './life/states.ts'
import type { OpenedKeeper } from './open-keeper.ts'
import type { Setup } from './people/setup.ts'
import { refuse } from './refuse.ts'
import type { Plan, Signatory } from './seal/ceremony-table.ts'
import { takeOverEarlierFolder } from './seal/earlier-folder.ts'
import type { Wish } from './seal/kinds/kind.ts'
import { kindOf, opensByItself } from './seal/kinds/kinds.ts'
import type { Progress } from './seal/share-desk.ts'

/** Longer than a supervisor takes to put another process in the place of one. */
const leavingMs = 45_000

/** The keeper over its life: it may start without keys, get them, and lose them again, and its process goes on. */
export class KeeperLife {
  readonly #options: LifeOptions
  readonly #has: Belongings
  /** One of these at a time: two could both open, or open what the other lays down. */
  #turn: Promise<unknown> = Promise.resolve()
  readonly #trying: KeepTrying
  /** Monotonic: until then it waits to be replaced. */
  #leaving = 0

  constructor(options: LifeOptions) {
    this.#options = options
    this.#has = new Belongings(options)
    this.#trying = new KeepTrying(this.#has, (work) => this.#inTurn(work))
  }

  get setup(): Setup {
    return this.#has.setup
  }
  get state(): LifeState {
    return this.#has.state
  }
  get opened(): OpenedKeeper | undefined {
    return this.#has.opened
  }
  /** What the ceremony that is under way is for. */
  get ceremonyPlan(): Plan | undefined {
    return this.#has.ceremony.current()?.plan
  }
  /** What time it certainly is. */
  believedTime(): Date | undefined {
    return this.#options.believed?.()
  }
  onChange(listener: (state: LifeState) => void): void {
    this.#has.onChange(listener)
  }
  /** Keeps count of what runs, so that closing can wait for it. */
  async running<T>(work: Promise<T>): Promise<T> {
    const { running } = this.#has
    running.add(work)
    return await work.finally(() => running.delete(work))
  }

  /** Looks what there is, and opens what opens by itself. Throws, with what to do, when keys are missing that should be there. */
  async start(): Promise<this> {
    const { fresh, wanted, refused } = this.#options
    const has = this.#has
    await takeOverEarlierFolder(has.pool, has.folder)
    await has.look()
    const kind = has.record()?.facts.seal.kind
    if (kind && wanted && kind !== wanted)
      throw new Error(
        `This installation has the seal "${kind}", and CLAVIGER_SEAL asks for "${wanted}". It counts at the first start only: remove it, or begin anew with another data folder.`,
      )
    const counts = kind ?? fresh
    const why = counts && refused?.[counts]
    if (why) throw new Error(why)
    if (kind === undefined && fresh && opensByItself(fresh)) await initialiseByItself(has, fresh)
    const now = has.record()?.facts.seal.kind
    if (now && kindOf(now).mayBeAway) await this.#openOrWait()
    else {
      const opened = await openByItself(has)
      if (opened && !opened.ok) throw new Error(opened.error.message)
      if (!opened && kind) has.become('sealed')
    }
    if (has.state === 'sealed') await this.#warnOfGrants()
    return this
  }

  async status(): Promise<SealStatus> {
    return await showSeal(this.#has)
  }

  /** Makes the root key and hands out its shares, once. Whoever asks was checked. May be repeated until the first unseal. */
  initialise(wish: Wish, by: string): Promise<Result<HandedOut, KeeperRefusal>> {
    return this.#inTurn(() => initialiseSeal(this.#has, wish, by))
  }

  /** Takes one share. The last one that is needed opens everything. */
  offer(share: Secret, source: string): Promise<Result<Progress & { open: boolean }, KeeperRefusal>> {
    return this.#inTurn(async () => this.#left() ?? (await offerShare(this.#has, share, source)))
  }

  /** Another process takes the place of this one: what were opened here meanwhile would be closed again, and a share be lost. */
  leave(): void {
    this.#leaving = performance.now() + leavingMs
  }

  #left(): Result<never, KeeperRefusal> | undefined {
    if (performance.now() >= this.#leaving) return undefined
    return refuse('seal.closing', 'The seal was closed just now, and the keeper begins anew. Try again in a few seconds.')
  }

  /** Closes the seal: what runs may end (`ended` resolves when the doors are closed), then every key is forgotten. */
  seal(by: { person: string | null }, ended: () => Promise<void>): Promise<Result<void, KeeperRefusal>> {
    return this.#inTurn(() => closeSeal(this.#has, by, ended))
  }

  /** Opens again what somebody closed, where the seal needs nobody's help. Whoever asks was checked. */
  openAgain(): Promise<Result<void, KeeperRefusal>> {
    return this.#inTurn(async () => {
      const left = this.#left()
      if (left) return left
      const has = this.#has
      const kind = has.record()?.facts.seal.kind
      if (has.opened) return refuse('seal.open', 'The seal is open already.')
      if (!kind || !opensByItself(kind))
        return refuse('seal.takes_shares', 'This seal does not open by itself. Its custodians type: claviger unseal.')
      this.#trying.stop()
      await openAgain(has)
      if (has.opened) return ok(undefined)
      this.#trying.begin()
      return fail(has.waiting ?? { code: 'seal.closed', message: 'The seal did not open.' })
    })
  }

  beginCeremony(plan: Plan, by: Signatory): Promise<Result<{ ticket: string }, KeeperRefusal>> {
    return this.#inTurn(() => beginCeremony(this.#has, plan, by))
  }
  confirmCeremony(by: Signatory): Promise<Result<{ done: true }, KeeperRefusal>> {
    return this.#inTurn(() => confirmCeremony(this.#has, by))
  }
  /** Everybody is there: new shares are the answer, or it is done. */
  goOn(ticket: string): Promise<Result<WentOn, KeeperRefusal>> {
    return this.#inTurn(() => goOn(this.#has, ticket))
  }
  /** A share for the ceremony: of before, or a new one that is typed back. */
  giveShare(share: Secret, source: string): Promise<Result<Given, KeeperRefusal>> {
    return this.#inTurn(() => giveShare(this.#has, share, source))
  }
  dropCeremony(by: string): Promise<Result<{ done: true }, KeeperRefusal>> {
    return this.#inTurn(() => dropCeremony(this.#has, by))
  }

  /** Forgets everything, at the end of the process. */
  end(): void {
    this.#trying.stop()
    this.#has.desk.forget()
    this.#has.ceremony.drop()
    this.#has.opened?.wipe()
  }

  async #openOrWait(): Promise<void> {
    await tryToOpen(this.#has)
    if (this.#has.state === 'sealed') this.#trying.begin()
  }

  async #warnOfGrants(): Promise<void> {
    const grants = await this.#has.runningGrants()
    if (grants === 0) return
    this.#options.log(`ALARM: sealed while ${grants} grants run. Nothing opens or is taken away until the seal is opened: claviger unseal`)
    this.#has.note('alarm.seal', { kind: 'seal', subject: 'grants', why: `started sealed while ${grants} grants run` }, { phase: 'alarm' })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

export const startKeeper = (options: LifeOptions): Promise<KeeperLife> => new KeeperLife(options).start()
