import { access, type audit, call, inventory, session } from '@claviger/api'
import { type Claviger, cli } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { until } from '../support/until.ts'
import { entriesSince, newestPlace } from './ledger.ts'
import type { Live, Opened } from './live.ts'
import type { Path, Wire } from './ways.ts'

/** How a path opens a session; a wire that it has not, it has no clients for. */
export type Openers = Partial<Record<Wire, (lane: Lane) => Promise<Opened>>>

export interface World {
  openers: Record<Path, Openers>
  claviger: Claviger
  alice: Person
  carol: Person
  /** Authority of the databases' doors, as PEM and in a file. */
  ca: string
  caFile: string
  /** Sessions that carry what comes by the path `forwarded`. */
  carriers: Set<string>
}

/** So many sessions may be open with one account: one by each path at the same time, and one to spare. */
export const mostSessions = 6

export interface Place {
  wire: Wire
  /** `account@target` */
  at: string
  /** Port of the gateway's door. */
  door: number
  /** Where the carrying session brings connections to that door. */
  carried: number
  target: Behind
}

/** What is done to the account, or to the target itself, behind our back. */
export interface Behind {
  lock(): Promise<void>
  unlock(): Promise<void>
  /** Somebody else answers at its address, who would take whatever he gets, until `back`. `heard`: all that he was sent. */
  impostor(): Promise<{ heard(): Buffer; back(): Promise<void> }>
}

/** One account at one door, and everything that a cell needs to do something there. What happens in a lane happens one after the other. */
export class Lane {
  readonly world: World
  readonly wire: Wire
  readonly at: string
  readonly door: number
  readonly carried: number
  readonly target: Behind
  /** Its id. */
  account = ''
  /** Place of the newest entry when the cell that is under way began. */
  began = 0
  /** Every grant, request and session that this lane had. */
  readonly had = new Set<string>()
  #running: access.Grant | undefined
  /** How many sessions were opened under it. */
  #opened = 0
  /** How many grants ended: each leaves a rotation behind. */
  #ended = 0

  constructor(world: World, { wire, at, door, carried, target }: Place) {
    this.world = world
    this.wire = wire
    this.at = at
    this.door = door
    this.carried = carried
    this.target = target
  }
  get claviger(): Claviger {
    return this.world.claviger
  }
  get alice(): Person {
    return this.world.alice
  }
  get carol(): Person {
    return this.world.carol
  }
  get ca(): string {
    return this.world.ca
  }
  get caFile(): string {
    return this.world.caFile
  }

  async start(): Promise<this> {
    const { accounts } = must(await call(this.carol.api, inventory.accounts, { query: { limit: 500 } }))
    const found = accounts.find((a) => `${a.name}@${a.target.name}` === this.at)
    if (!found) throw new Error(`there is no account ${this.at}`)
    this.account = found.id
    return this
  }

  /** Alice's grant that runs; asks for one where there is none. */
  async grant(duration = '1h'): Promise<access.Grant> {
    if (this.#running) return this.#running
    const body = { account: this.at, duration, reason: 'conformance' }
    const { id, grant } = must(await call(this.alice.api, access.fileRequest, { body }))
    if (!grant) throw new Error(`${this.at} takes an approval`)
    this.had.add(id).add(grant.id)
    this.#running = grant
    this.#opened = 0
    // its entry comes later than the answer, and belongs to no cell
    await this.sees((e) => e.act === 'access.granted' && e.fields.grant === grant.id)
    return grant
  }
  /** An officer ends it, where one runs. */
  async endGrant(): Promise<void> {
    const ended = this.#running
    this.#running = undefined
    if (!ended) return
    this.#ended++
    must(await call(this.carol.api, access.endGrant, { params: { id: ended.id }, body: { reason: 'conformance' } }))
    await this.sees((e) => e.act === 'access.grant_ended' && e.fields.grant === ended.id)
  }

  /** Waits until the time of the one that runs is up. */
  async grantOver(): Promise<void> {
    const over = this.#running
    this.#running = undefined
    if (!over) return
    this.#ended++
    await this.sees((e) => e.act === 'access.grant_ended' && e.fields.grant === over.id, 240)
  }

  /** Waits until what earlier grants left to rotate is rotated: nobody may touch the account at its target meanwhile. */
  async rotated(): Promise<void> {
    const query = { account: this.account, limit: 500 }
    const done = async () => {
      const { rotations } = must(await call(this.carol.api, inventory.rotations, { query }))
      const behind = rotations.filter(({ trigger }) => trigger === 'check-in')
      return behind.length >= this.#ended && rotations.every(({ state }) => state === 'done' || state === 'failed')
    }
    await until(`the rotations of ${this.at} to be done`, done, 240)
  }

  /** Another grant where the tickets of this one, of which fifty may be good at a time, could run out in the next row. */
  async enoughTickets(): Promise<void> {
    if (this.#opened <= 25) return
    this.began = await newestPlace(this.carol)
    await this.endGrant()
    await this.grant()
  }

  /** A session by this path, when bytes pass. */
  async open(path: Path): Promise<Live> {
    await this.grant()
    this.#opened++
    const before = new Set((await this.sessions()).map(({ id }) => id))
    const opened = await this.world.openers[path][this.wire]?.(this)
    if (!opened) throw new Error(`${path} opens nothing by ${this.wire}: say why in the row`)
    const { id } = await until(
      `a session at ${this.at} by ${path}`,
      async () => (await this.sessions()).find((s) => !before.has(s.id) && s.state !== 'opening'),
      120,
    )
    return { id, ...opened }
  }

  /** The account's sessions but for those that carry connections, the newest first. */
  async sessions(): Promise<session.Session[]> {
    const { sessions } = must(await call(this.carol.api, session.sessions, { query: { account: this.account, limit: 500 } }))
    const found = sessions.filter(({ id }) => !this.world.carriers.has(id))
    for (const { id } of found) this.had.add(id)
    return found
  }

  /** Waits until a session is over, as the server has it. */
  async over(id: string): Promise<void> {
    await until(`${id} to be over`, async () => (await this.sessions()).some((s) => s.id === id && s.endedAt !== null), 120)
  }

  /** Whether an entry is of what happened here. */
  has({ fields }: audit.Entry): boolean {
    const { session: of } = fields
    if (typeof of === 'string') return this.had.has(of)
    const ids = Object.values(fields)
    return fields.door === this.wire || ids.includes(this.account) || ids.some((value) => this.had.has(String(value)))
  }

  /** Waits until the ledger has such an entry, behind where the cell began. */
  async sees(fits: string | ((entry: audit.Entry) => boolean), seconds = 60): Promise<audit.Entry> {
    const test = typeof fits === 'string' ? (e: audit.Entry) => e.act === fits : fits
    const find = async () => {
      await this.sessions()
      return (await entriesSince(this.carol, this.began)).find((e) => this.has(e) && test(e))
    }
    return await until(`an entry ${String(fits)} at ${this.at}`, find, seconds)
  }

  async cli(person: 'alice' | 'carol', ...args: string[]): Promise<{ status: number; said: string; out: string }> {
    return await cli(this.claviger, args, { env: { CLAVIGER_CONFIG: cliFolder(this.claviger, person) }, seconds: 180 })
  }
  /** As the console asks: by the cookie, from its own page. */
  browser({ token }: Person): Person['api'] {
    const { base } = this.claviger
    return { base, headers: { cookie: `claviger=${token}`, origin: base, 'x-claviger': '1' } }
  }
}

/** Where the command line client of a person has its files. */
export const cliFolder = ({ work }: Claviger, person: string): string => `${work}/cli-${person}`
