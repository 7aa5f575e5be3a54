import type { Person } from '../../support/person.ts'

/** What somebody has open on a target. */
export interface Connection {
  /** Makes `marker` stand on the screen as an answer of the target, not only as what was typed. Throws when it does not come. */
  show(marker: string): Promise<void>
  over(): boolean
  ended: Promise<unknown>
  kill(): void
}

/** One way in, by a native client through a gateway, for which people hold grants. */
export interface Way {
  /** The account that alice works with, as `account@target`. */
  at: string
  /** Comes in under the grant, as far as the notice and a first answer. */
  open(person: Person, grant: string): Promise<Connection>
}
