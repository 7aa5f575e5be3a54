import type { FileAct, ResultPart, StatementEnd, StatementStart } from './acts.ts'

/** Where a session's bytes are written down. Each call returns at once; `pressure()` tells when to hold back. */
export interface Recorder {
  /** Bytes from the target to the person, as shown. */
  output(bytes: Uint8Array): void
  /** Bytes from the person to the target; proven or not is decided inside, by what the target echoes. */
  input(bytes: Uint8Array): void
  resize(columns: number, rows: number): void
  /** Call it before the target can get the statement: a gateway that is killed in between leaves a trace of it. */
  statementStarted(statement: StatementStart): void
  statementEnded(end: StatementEnd): void
  /** Between a statement's start and its end. `read` is called later, off the way; undefined where what passed is not understood. */
  resultPassed(n: number, read: () => ResultPart | undefined): void
  /** Call it with `open` before the target can get the request. */
  file(act: FileAct): void
  /** Resolves when what is pending fell below the bound; undefined when there is nothing to wait for. */
  pressure(): Promise<void> | undefined
}
