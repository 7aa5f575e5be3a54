import { access, call, inventory, session } from '@claviger/api'
import { persist } from './patience.ts'
import type { Step } from './plan.ts'
import type { Connection, Way } from './ways/way.ts'
import type { World } from './world.ts'

/** The longest that anything may take while faults strike, a frozen minute included. */
const patience = 180

/** Where somebody was seen to see something, and when: a recording that is older than a second must show it. */
export interface Seen {
  session: string
  marker: string
  /** `performance.now()` */
  at: number
  /** When the connection was found to be over. */
  cutAt?: number
}

/**
 * One way of one access in small: alice asks, somebody approves, she works in a shell or in psql, gives back, the credential is
 * replaced, and another account's beside it. Each step goes on from whatever it finds, so it may be repeated after any crash.
 */
export class Errand {
  readonly number: number
  readonly seen: Seen[] = []
  readonly #world: World
  #request: access.AccessRequest | undefined
  #grant: access.Grant | undefined
  #connection: Connection | undefined
  readonly #way: Way

  constructor(world: World, number: number) {
    this.#world = world
    this.number = number
    // in turn, so that every part is killed in every step of both ways
    this.#way = world.ways[number % world.ways.length] as Way
  }

  async run(step: Step): Promise<void> {
    await this[step]()
  }

  async request(): Promise<void> {
    const { people } = this.#world
    const { at } = this.#way
    const reason = `errand ${this.number}`
    this.#request = await persist('a request', patience, async () => {
      // what we were not answered may have been done
      const { requests } = await people.ask('alice', (api) => call(api, access.requests, { query: { view: 'mine', limit: 20 } }))
      const mine = requests.find((r) => r.reason === reason && (r.state === 'waiting' || r.grant?.state === 'active'))
      return mine ?? (await people.ask('alice', (api) => call(api, access.fileRequest, { body: { account: at, duration: '2h', reason } })))
    })
  }

  async approve(): Promise<void> {
    const { people } = this.#world
    this.#grant = await persist('a grant', patience, async () => {
      if (!this.#request) await this.request()
      const { id, digest } = this.#request as access.AccessRequest
      const now = await people.ask('alice', (api) => call(api, access.getRequest, { params: { id } }))
      if (now.grant) return now.grant
      // a clock that jumped may have let it expire
      if (now.state !== 'waiting') await this.request()
      await people.ask(people.approver(), async (api, person) =>
        call(api, access.approveRequest, { params: { id }, body: { digest, code: await person.code() } }),
      )
      return undefined
    })
  }

  /** Comes in and looks at something; what was open and still answers is kept. */
  async connect(): Promise<void> {
    await persist(`a session at ${this.#way.at}`, patience, async () => {
      const { people } = this.#world
      const grant = this.#grant
      const { grants } = await people.ask('alice', (api) => call(api, access.grants, { query: { state: 'active', limit: 50 } }))
      if (!grant || !grants.some((g) => g.id === grant.id)) {
        this.#request = undefined
        await this.approve()
      }
      return await this.#look()
    })
  }

  /** True when the target answered. */
  async #look(): Promise<true> {
    const { people } = this.#world
    this.#connection ??= await this.#open()
    const connection = this.#connection
    const marker = `mark-${this.number}-${this.seen.length}`
    try {
      await connection.show(marker)
    } catch (error) {
      connection.kill()
      this.#dropped(connection)
      throw error
    }
    const { sessions } = await people.ask('alice', (api) => call(api, session.sessions, { query: { limit: 5 } }))
    const mine = sessions.find((s) => s.grant === this.#grant?.id && s.state === 'running')
    if (!mine) throw new Error(`${this.#way.at} answers, and no session of ${this.#grant?.id} runs`)
    this.seen.push({ session: mine.id, marker, at: performance.now() })
    return true
  }

  async #open(): Promise<Connection> {
    const { people } = this.#world
    const opened = await this.#way.open(await people.person('alice'), this.#grant?.id ?? '')
    void opened.ended.then(() => this.#dropped(opened))
    return opened
  }

  #dropped(which: Connection): void {
    if (which !== this.#connection) return
    this.#connection = undefined
    const last = this.seen.at(-1)
    if (last && last.cutAt === undefined) last.cutAt = performance.now()
  }

  /** What is open at the moment: another one when it was cut and somebody came in again. */
  get connection(): Connection | undefined {
    return this.#connection?.over() ? undefined : this.#connection
  }

  /** She gives the grant back while she is in, and it is cut. */
  async end(): Promise<void> {
    const { people } = this.#world
    const { id } = this.#grant as access.Grant
    await persist('the end of the grant', patience, async () => {
      const { grants } = await people.ask('alice', (api) => call(api, access.grants, { query: { state: 'active', limit: 50 } }))
      if (!grants.some((g) => g.id === id)) return true
      await people.ask('alice', (api) => call(api, access.endGrant, { params: { id }, body: { reason: 'errand: done' } }))
      return undefined
    })
    await persist('the session to be cut', patience, async () => (this.connection ? undefined : true))
    this.#grant = undefined
  }

  /** Somebody orders another account's rotation while the one after the grant is under way; both come to their end. */
  async rotate(): Promise<void> {
    const { people } = this.#world
    const accounts = this.#world.accounts
    const { id, name, target } = accounts[this.number % accounts.length] as inventory.Account
    await persist(`a rotation of ${name}@${target.name}`, patience, async () => {
      const { rotations } = await people.ask('carol', (api) =>
        call(api, inventory.rotateAccount, { params: { id }, body: { reason: `errand ${this.number}` } }),
      )
      if (rotations.every((r) => r.state === 'done')) return true
      throw new Error(rotations.map((r) => r.error ?? r.state).join('; '))
    })
    await this.#world.settled()
  }

  /** Whatever a fault left of it is over afterwards. */
  async finish(): Promise<void> {
    if (this.#grant) await this.end()
    this.#connection?.kill()
    await this.#connection?.ended
  }
}
