export type SessionKind = 'shell' | 'exec' | 'sql' | 'files' | 'forward'

/** What is asked for once someone is through a door. */
export type How =
  | { kind: 'shell' | 'exec'; command?: string; term?: { columns: number; rows: number; name: string } }
  /** `database` as the client named it; `application` is what it calls itself. At most 63 bytes each. `files`: it would send files that its statements name. */
  | { kind: 'sql'; database: string; application?: string; files?: true }
  /** By SFTP, or by the command of `scp -O`. */
  | { kind: 'files'; command?: string }
  /** Connections for the person's client, and nothing else. */
  | { kind: 'forward' }

/** A statement that goes to the target now. `n` counts the statements of a session from 1; the same `n` ends it. */
export interface StatementStart {
  n: number
  via: 'simple' | 'extended'
  /** As the client sent it. Passwords in it are masked inside; the door masks nothing. */
  sql: string
  /** Whose SQL it is, where it is not PostgreSQL's: it decides what is a literal. */
  dialect?: 'mysql'
  /** As text; null for SQL's null. Binary values as the door shows them. */
  parameters: readonly (string | null)[]
  /** Sent ahead of an answer that may have changed the encoding in which it was read. */
  unsureEncoding: boolean
  /** Bytes that are no text in the session's encoding stand as `\xHH`. */
  escaped: boolean
  /** Where long text, or text and parameters, are those of the earlier statement `of`. Both stand here nonetheless. */
  again?: { of: number; text: true; parameters: boolean }
}

export interface StatementEnd {
  n: number
  durationMs: number
  /** Rows returned or touched, as the target said; null where it said nothing. */
  rows: number | null
  /** Bytes of the answer. */
  bytes: number
  /** `cut`: the session ended while it ran. */
  outcome: 'ok' | 'failed' | 'cancelled' | 'cut'
  /** The target's command tag: `SELECT 3`. */
  tag?: string
  sqlState?: string
  message?: string
}

/** A piece of what a statement gave back, where policy says that it is kept: what its rows consist of, or one row. Values as text; null is SQL's null. */
export type ResultPart = { columns: readonly { name: string; type: string }[] } | { row: readonly (string | null)[] }

/** What was done to a file, as the wire said it. Bytes of a path that are no UTF-8 stand as U+FFFD. */
export interface FileAct {
  /** Counts the acts of a session from 1. Told twice where it takes time: `open` when it goes to the target, and how it ended. */
  n: number
  op: 'get' | 'put' | 'list' | 'remove' | 'rename' | 'mkdir' | 'rmdir' | 'link' | 'symlink' | 'attributes' | 'copy'
  path: string
  /** The second path of what has two; by `scp -O` the name under which a file passed, `path` being what was asked for. */
  to: string | null
  /** Where in the file a transfer began: it was resumed, or only a part was asked for. */
  from: number
  /** Of contents that passed; null where nothing passes. */
  bytes: number | null
  /** Of contents that passed, in hex; null where they did not pass from one end to the other in order. */
  sha256: string | null
  /** `cut`: the session ended before it did. */
  outcome: 'open' | 'ok' | 'failed' | 'cut'
  /** What the target said to a failure, or why it did not get to it. */
  message: string | null
}

/** One connection to carry: the target opens it to `host:port` (local), or took it where it listens there (remote). `from`: who connected. */
export interface Forward {
  direction: 'local' | 'remote'
  host: string
  port: number
  from: string
}

/** How a carried connection ended; bytes from the person's side, and to it. */
export interface Forwarded {
  outcome: 'closed' | 'failed' | 'cut'
  sent: number
  received: number
  message?: string
}
