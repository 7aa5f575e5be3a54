import type { GrantId, PersonId } from '../../kernel/id.ts'
import type { Result } from '../../kernel/result.ts'

export type Door = 'ssh' | 'postgres' | 'mysql'
export type Way = 'native' | 'web'

/** Where someone wants to go, parsed from `person@account@target`. Account and target hold no `@`. */
export interface Attempt {
  door: Door
  person: string
  account: string
  target: string
  /** `ip:port` of the client as the socket says it; of the browser as its socket with the console's server says it. */
  from: string
  /** `native` where nothing is said. */
  way?: Way
}

/** A no with the sentence that the person sees; it ends with what to do next. `code` is for logs and tests. */
export interface Refusal {
  code: string
  say: string
  /** Asking again on this connection cannot help (locked, disabled): the door says the sentence and closes. */
  final?: true
}

/** What a person shows before the code. */
export type FirstFactor = 'key' | 'password'

/** A person whose first factor was recognised, not yet admitted. */
export interface Recognised {
  person: PersonId
  attempt: Attempt
  /** What they showed, in that order; a key where nothing is said. */
  shown?: readonly FirstFactor[]
  /** True when the key came with a short-lived certificate issued after the second factor: no code is asked. */
  admitted: boolean
}

export interface Admitted extends Recognised {
  admitted: true
  /** The keeper's presence token. */
  presence: string
}

/** Something that a person confirms in the console, for exactly the connection that waits for it. */
export interface OfferedLink {
  url: string
  /** Stands in the terminal alone: whoever confirms types it. */
  number: string
  /** So long it waits. */
  seconds: number
  /** Settles when it was decided on or is over, or `signal` gives up. To be called, and once. A refusal is final. */
  confirmed(signal: AbortSignal): Promise<Result<Admitted, Refusal>>
}

export interface Grant {
  id: GrantId
  /** Whole milliseconds until it ends, measured by the server just now. */
  remainingMs: number
}
