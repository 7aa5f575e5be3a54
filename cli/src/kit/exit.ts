/** Exit codes, so that a script can tell "not allowed" from "not reachable". Listed in `claviger help exit-codes`. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, notSignedIn: 3, notGranted: 4, refused: 5, unreachable: 6 } as const
export type Exit = Exclude<keyof typeof exitCodes, 'ok'>

/** What each code means, for the help page. */
export const exitWords: Record<keyof typeof exitCodes, string> = {
  ok: 'done as asked',
  failed: 'it did not work, or verification found something wrong',
  usage: 'the command was not understood, or a value in it is malformed',
  notSignedIn: 'sign in first: claviger login',
  notGranted: 'you hold no grant for this account: claviger request',
  refused: 'the server said no',
  unreachable: 'the server, or the target behind it, does not answer',
}

/** A refusal or failure for people: what is the matter, and the command to type next where there is one. */
export class CliError extends Error {
  readonly exit: Exit
  readonly next: string | undefined
  /** The server's code for machines (`access.own_request`), or ours (`cli.…`). */
  readonly code: string
  /** Which fields were malformed and why. */
  readonly issues: readonly string[]

  constructor(exit: Exit, message: string, next?: string, more: { code?: string; issues?: readonly string[] | undefined } = {}) {
    super(message)
    this.exit = exit
    this.next = next
    this.code = more.code ?? `cli.${exit}`
    this.issues = more.issues ?? []
  }
}
