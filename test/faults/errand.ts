import { access, call, inventory, session } from '@claviger/api'
import { startSsh } from '../support/ssh.ts'
import { persist } from './patience.ts'
import type { Step } from './plan.ts'
import type { World } from './world.ts'

/** The longest that anything may take while faults strike, a frozen minute included. */
const patience = 180

type Shell = Awaited<ReturnType<typeof startSsh>>

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
 * One way of one access in small: alice asks, somebody approves, she works in a shell, gives back, the credential is
 * replaced, and another account's beside it. Each step goes on from whatever it finds, so it may be repeated after any crash.
 */
export class Errand {
  readonly number: number
  readonly seen: Seen[] = []
  readonly #world: World
  #request: access.AccessRequest | undefined
  #grant: access.Grant | undefined
  #shell: Shell | undefined

  constructor(world: World, number: number) {
    this.#world = world
    this.number = number
  }

  async run(step: Step): Promise<void> {
    await this[step]()
  }

  async request(): Promise<void> {
    const { people, at } = this.#world
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

  /** Opens a shell and looks at something in it; what was open and still answers is kept. */
  async connect(): Promise<void> {
    await persist('a shell', patience, async () => {
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

  /** True when the shell answered. */
  async #look(): Promise<true> {
    const { claviger, people, at } = this.#world
    this.#shell ??= await this.#open()
    const shell = this.#shell
    const marker = `mark-${this.number}-${this.seen.length}`
    try {
      shell.type(`echo ${marker.slice(0, 4)}'${marker.slice(4)}'\n`)
      await shell.shows(new RegExp(`${marker}\\r?\\n`), 20)
    } catch (error) {
      this.#dropped()
      shell.kill()
      throw error
    }
    const { sessions } = await people.ask('alice', (api) => call(api, session.sessions, { query: { limit: 5 } }))
    const mine = sessions.find((s) => s.grant === this.#grant?.id && s.state === 'running')
    if (!mine) throw new Error(`the shell answers, and no session runs at ${at} on ${claviger.base}`)
    this.seen.push({ session: mine.id, marker, at: performance.now() })
    return true
  }

  async #open(): Promise<Shell> {
    const { claviger, people, at } = this.#world
    const shell = await startSsh(claviger, await people.person('alice'), at, { terminal: true, seconds: 1_800 })
    try {
      await shell.shows(/This session is recorded/, 30)
      // typed in two halves, so that its echo is not taken for it
      shell.type("PS1='rea''dy> '\n")
      await shell.shows(/ready> /, 20)
    } catch (error) {
      shell.kill()
      throw error
    }
    void shell.ended.then(() => this.#dropped(shell))
    return shell
  }

  #dropped(which = this.#shell): void {
    if (!which || which !== this.#shell) return
    this.#shell = undefined
    const last = this.seen.at(-1)
    if (last && last.cutAt === undefined) last.cutAt = performance.now()
  }

  /** Whether a shell that was opened is still there. */
  get connected(): boolean {
    return this.#shell !== undefined && !this.#shell.over()
  }

  /** She gives the grant back while her shell is open, and it is cut. */
  async end(): Promise<void> {
    const { people } = this.#world
    const { id } = this.#grant as access.Grant
    await persist('the end of the grant', patience, async () => {
      const { grants } = await people.ask('alice', (api) => call(api, access.grants, { query: { state: 'active', limit: 50 } }))
      if (!grants.some((g) => g.id === id)) return true
      await people.ask('alice', (api) => call(api, access.endGrant, { params: { id }, body: { reason: 'errand: done' } }))
      return undefined
    })
    await persist('the shell to be cut', patience, async () => (this.connected ? undefined : true))
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
    this.#shell?.kill()
    await this.#shell?.ended
  }
}
