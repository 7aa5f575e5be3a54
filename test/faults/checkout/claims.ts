import { setTimeout as sleep } from 'node:timers/promises'
import { access, call, checkOut } from '@claviger/api'
import { waitFor } from '../../../cli/src/codes/hand-out.ts'
import type { Claviger } from '../../support/claviger.ts'
import { must, type Person } from '../../support/person.ts'
import type { Loss } from '../losses/loss.ts'
import { persist } from '../patience.ts'
import type { Random } from '../random.ts'
import type { CheckOutWorld } from './world.ts'

const patience = 180
/** A thousand at the same moment are served one after the other. */
const crowdPatience = 900
/** As many at once where nothing is shown by more. */
const handful = 40
/** Before the end of which somebody gives the account back; or, every so many turns, does not, and it comes back by itself. */
const seconds = { usual: 120, forgotten: 20 }
const forgetsEvery = 40

/** People who claim the account, have it in turn, and give it back, at whichever server answers. */
export class Claims {
  turns = 0
  readonly losses: Loss[] = []
  readonly #world: CheckOutWorld
  readonly #random: Random
  /** What each holder could know, the newest last. */
  readonly #known: { version: number; text: string; grant: string }[] = []
  #last: string | undefined
  #over = false

  constructor(world: CheckOutWorld, random: Random) {
    this.#world = world
    this.#random = random
  }

  #server(): Claviger {
    const { a, b } = this.#world.two
    return this.#random.next() < 0.5 ? a : b
  }

  #lost(what: string, why: string): void {
    this.losses.push({ kind: 'check-in', what, why })
  }

  /** All at the same moment. What somebody was not answered may have been done, so that they look before they ask again. */
  async fileAll(count: number): Promise<void> {
    const { sql, account, claimants, on, two } = this.#world
    await Promise.all(
      Array.from({ length: count }, (_, number) =>
        persist(`claim ${number}`, crowdPatience, async () => {
          const reason = `claim ${number}`
          const known = await sql('select id from access_request where account_id = $1 and reason = $2', [account.id, reason])
          if (known.length > 0) return true
          const { api } = two.at(this.#server(), claimants[number % claimants.length] as Person)
          const duration = `${number % forgetsEvery === 1 ? seconds.forgotten : seconds.usual}s`
          must(await call(api, access.fileRequest, { body: { account: `${account.name}@${on.name}`, action: 'reveal', duration, reason } }))
          return true
        }),
      ),
    )
  }

  /** Whoever has the account looks at it and gives it back, until `end`. */
  async takeTurns(): Promise<void> {
    while (!this.#over) {
      const holder = await this.#holder().catch(() => undefined)
      if (holder && holder.id !== this.#last) {
        this.#last = holder.id
        await this.#turn(holder)
        this.turns += 1
      } else await sleep(50)
    }
  }

  end(): void {
    this.#over = true
  }

  async #holder(): Promise<{ id: string; person: string; request: string } | undefined> {
    const active = await this.#world.sql<{ id: string; person: string; request: string; reason: string }>(
      `select g.id, g.person_id as person, g.request_id as request from access_grant g where g.account_id = $1 and g.state = 'active'`,
      [this.#world.account.id],
    )
    if (active.length > 1) this.#lost(active.map((g) => g.id).join(' and '), 'they hold the account at the same time')
    return active[0]
  }

  async #turn(holder: { id: string; person: string; request: string }): Promise<void> {
    const { current, on, account, two, sql, claimants } = this.#world
    const now = await current()
    const refused = await on.refusal(account.name, { kind: 'password', text: now.text, public: null })
    if (refused !== undefined && (await this.#holder())?.id === holder.id) this.#lost(holder.id, `version ${now.version}: ${refused}`)
    for (const before of this.#known.slice(-3))
      if ((await on.refusal(account.name, { kind: 'password', text: before.text, public: null })) === undefined)
        this.#lost(before.grant, `what its holder knew, version ${before.version}, still lets in while ${holder.id} holds the account`)
    const person = claimants.find(({ id }) => id === holder.person)
    if (!person) throw new Error(`${holder.person} is none of the claimants`)
    await this.#look(person, holder.id, now.text)
    this.#known.push({ ...now, grant: holder.id })
    const [{ seconds: asked } = { seconds: 0 }] = await sql<{ seconds: number }>('select seconds from access_request where id = $1', [
      holder.request,
    ])
    await sleep(this.#random.between(0, 200))
    if (asked === seconds.forgotten) return
    await persist(`${holder.id} to come back`, patience, async () => {
      if ((await this.#holder())?.id !== holder.id) return true
      const { api } = two.at(this.#server(), person)
      await call(api, access.endGrant, { params: { id: holder.id }, body: { reason: 'had my turn' } })
      return undefined
    })
  }

  /** Sees the credential, where they have a code for it at the moment: it is the one that the vault says. */
  async #look(person: Person, grant: string, expected: string): Promise<void> {
    const { two } = this.#world
    if (waitFor(two.a.data, person.name) > 0) return
    const { api } = two.at(this.#server(), person)
    const code = await person.code()
    const shown = await call(api, checkOut.revealCredential, { params: { id: grant }, body: { code } }).catch(() => undefined)
    if (shown?.ok && shown.value.value !== expected) this.#lost(grant, 'its holder was shown another credential than the vault has')
  }

  /** Those who were not served give up. A claim that neither queues nor was granted has been forgotten. */
  async giveUp(): Promise<void> {
    const { sql, account, claimants, two } = this.#world
    const open = async () =>
      await sql<{ id: string; state: string; requester: string; reason: string }>(
        `select id, state, requester_id as requester, reason from access_request where account_id = $1 and state in ('waiting', 'queued')`,
        [account.id],
      )
    // one whose server was killed before it granted it is looked for every few seconds
    const forgotten = async () => (await open()).filter(({ state }) => state === 'waiting')
    const none = persist('claims to queue', patience, async () => ((await forgotten()).length === 0 ? true : undefined))
    await none.catch(() => undefined)
    for (const { id, reason } of await forgotten())
      this.#lost(id, `${reason} was filed and asks for nobody's approval, and neither queues nor was granted`)
    await persist('all others to give up', crowdPatience, async () => {
      const left = await open()
      if (left.length === 0) return true
      await Promise.all(
        left.slice(-handful).map(({ id, requester }) => {
          const person = claimants.find((p) => p.id === requester) as Person
          return call(two.at(this.#server(), person).api, access.withdrawRequest, { params: { id } }).catch(() => undefined)
        }),
      )
      return undefined
    })
    await persist('the account to be free', patience, async () => {
      const held = await sql(`select id from holding where account_id = $1 and state <> 'free'`, [account.id])
      return held.length === 0 ? true : undefined
    })
  }
}
