import { join } from 'node:path'
import type { access, inventory } from '@claviger/api'
import { waitFor } from '../../cli/src/codes/hand-out.ts'
import type { Facts } from './facts.ts'
import { keptFolder, Person } from './person.ts'
import { NotAsPromised, type Proof } from './proof.ts'

/** What steps hand on to later ones. */
interface Found {
  orders: inventory.Target
  web01: inventory.Target
  /** The account on web01 that alice works with: `deploy`, or one's own name where the lab does not run as root. */
  account: inventory.Account
  gateway: { host: string; port: number }
  /** What alice asked for, whose grant becomes void. */
  request: access.AccessRequest
  /** The same for the database, whose grant is used. */
  ordersRequest: access.AccessRequest
  ordersGrant: access.Grant
  ordersGivenBack: { grant: string; at: string }
  /** A password that was typed into SQL. */
  sqlMarker: string
  /** The grant that became of what the door filed, and when alice gave it back. */
  givenBack: { grant: string; at: string }
  /** The shell in which the marker was typed, and the marker. */
  session: string
  marker: string
}

/** One run of the tour: the people, and what was found so far. */
export class Tour {
  readonly facts: Facts
  readonly waiting: (what: string) => void
  readonly #people = new Map<string, Person>()
  readonly #found: Partial<Found> = {}

  constructor(facts: Facts, waiting: (what: string) => void) {
    this.facts = facts
    this.waiting = waiting
  }

  /** alice signs in afresh in each run; the others' sign-ins are used again while they hold. */
  /** Bob or carol, whoever has a code sooner: neither waits for one while the other need not. */
  approver(): Person {
    const waits = (person: Person) => waitFor(this.facts.data, person.name)
    const [bob, carol] = [this.person('bob'), this.person('carol')]
    return waits(carol) < waits(bob) ? carol : bob
  }

  person(name: 'alice' | 'bob' | 'carol' | 'dave'): Person {
    const known = this.#people.get(name)
    if (known) return known
    const folder = name === 'alice' ? join(this.facts.work, name) : keptFolder(this.facts, name)
    const person = new Person(this.facts, name, folder, this.waiting)
    this.#people.set(name, person)
    return person
  }

  found<K extends keyof Found>(name: K, value: Found[K]): void {
    this.#found[name] = value
  }

  /** What an earlier step found; a step that needs what never came about says so. */
  need<K extends keyof Found>(name: K): Found[K] {
    const value = this.#found[name]
    if (value === undefined) throw new NotAsPromised(`an earlier step failed before it found: ${name}`)
    return value as Found[K]
  }

  get accountAtTarget(): string {
    const { name, target } = this.need('account')
    return `${name}@${target.name}`
  }
}

export interface Step {
  name: 'discover' | 'vault' | 'request' | 'approve' | 'connect' | 'recording' | 'end' | 'ledger'
  /** What a newcomer learns from it. */
  title: string
  run(tour: Tour, proof: Proof): Promise<void>
}
