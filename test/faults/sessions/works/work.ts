import type { Person } from '../../../support/person.ts'
import type { Wire } from '../plan.ts'

/** Something that passed, as the person at the client saw it. */
export interface Mark {
  /** On the clock of `performance.now`. */
  at: number
  /** The very same stands in the recording. */
  text: string
}

/** One person's work in one session: it goes on by itself, and everything that they see is noted. */
export interface Work {
  name: string
  wire: Wire
  /** What of a session tells that it is this one. */
  kind: 'shell' | 'exec' | 'sql' | 'files'
  /** In the order in which it was seen, without a gap. */
  marks(): readonly Mark[]
  over(): boolean
  ended: Promise<unknown>
  said(): string
  /** The client goes away. */
  kill(): void
}

/** The doors as clients reach them: by a road of the suite's own, which can be cut. */
export interface Doors {
  work: string
  port(wire: Wire): number
  person(): Promise<Person>
}
