import type { PortalRows, Undo } from './names.ts'
import type { RowShape } from './row-shape.ts'

export interface Failure {
  sqlState: string
  message: string
}

/** One statement that was sent to the target and whose end was not seen yet. */
export interface Running {
  n: number
  via: 'simple' | 'extended'
  sentAt: number
  rows: number
  /** Rows that the target named in its tags; null where it named none. */
  tagged: number | null
  tag: string | undefined
  failure: Failure | undefined
  bytes: number
}

/** A message of the client that the target will answer, in the order in which it will. */
export type Expected =
  | { kind: 'query' | 'function' | 'execute'; running: Running; refused?: Failure; gives?: PortalRows }
  /** Refused ones are recorded as statements too: `begin` does it. */
  | { kind: 'parse' | 'bind'; undo: Undo; begin: () => Running; refused?: Failure }
  | { kind: 'describe'; learn: ((types: readonly number[]) => void) | undefined; shaped: ((shape: RowShape) => void) | undefined }
  | { kind: 'close'; undo: Undo }
  | { kind: 'sync'; moment: number }
  /** Not answered: where the client ended what it copied in. */
  | { kind: 'copied' }

export type Statement = Extract<Expected, { running: Running }>

export const isStatement = (item: Expected): item is Statement => 'running' in item
