import type { Result } from '../../kernel/result.ts'
import type { FileAct } from './acts.ts'
import type { Refusal } from './who.ts'

/** What would be done with one file, for policy. */
export interface FileAsked {
  op: FileAct['op']
  /** Whole, without `..`; undefined where the door cannot tell which file it is. */
  path: string | undefined
  /** The other path that it may be, where the target alone knows which of both: a name in the folder that `path` may be. */
  or?: string
  /** Of contents that pass with it, where that is known. */
  bytes: number
  /** It belongs to a `put` that goes on, and to which somebody else said yes: nobody is asked once more. What policy refuses stays refused. */
  allowedWithPut?: true
}

/** While somebody else is asked: `tell` reaches the person, and `signal` takes back what they wanted to do. */
export interface Meanwhile {
  tell?: (sentence: string) => void
  signal?: AbortSignal
}

/**
 * Asks policy before the target hears of it. A yes is good for fewer than `until` bytes; null: for any number. `asked`: somebody else gave it. `only`:
 * nothing happens yet, the answer is all that is wanted.
 */
export type JudgeFile = (asked: FileAsked, how?: Meanwhile & { only?: true }) => Promise<Result<FilePasses, Refusal>>

export interface FilePasses {
  until: number | null
  asked?: true
}

/** A text of statements, for policy. `sure`: it was read as the target reads it. */
export interface QueryAsked {
  dialect: 'postgres' | 'mysql'
  sql: string
  sure: boolean
  /** Nothing is done yet: the target keeps it, and is told later to run it. */
  kept?: true
  /** It was kept, and is run with these values, as people read them. */
  values?: readonly (string | null)[]
}

/** Asks policy before the target gets it. A yes to `each` is for keeping it alone: each run of it is asked about, with its values. */
export type JudgeQuery = (asked: QueryAsked, how?: Meanwhile) => Promise<Result<{ each: true } | undefined, Refusal>>

/** The code of a refusal where the person no longer wanted what was asked about. */
export const takenBack = 'session.act_taken_back'
