import type { About, CredentialKind } from '../../../kernel/credential-kinds.ts'
import { fail, type Result } from '../../../kernel/result.ts'

/** What was read of a credential that somebody brought in. */
export interface Read {
  /** What is sealed: as it came, or in the one form in which it is given out again. */
  secret: Uint8Array
  /** What is no secret of it. `notAfter`: until when it is good; `key`: by what it is found where it is used twice; `bits`: how strong. */
  about: About
  /** Of an SSH key, in place of `about`: the line of its public half. */
  publicLine?: string
}

/**
 * One kind of credential as people bring it: read once, here at the edge, and bounded. The keeper parses none of it. What does not fit is refused with a
 * sentence, which never repeats what was brought.
 */
export interface Form {
  readonly kind: CredentialKind
  /** @param name what came along that is no secret: of a file its name, of an API key its id */
  read(bytes: Uint8Array, name: string | undefined): Result<Read, string>
}

/** UTF-8 without zeros; undefined when it is none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

/** Without the line break that an editor or `echo` puts at its end. */
export function withoutLastBreak(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  if (bytes[end - 1] === 10) end -= 1
  if (bytes[end - 1] === 13) end -= 1
  return bytes.subarray(0, end)
}

export const nameless = (kind: string): Result<never, string> => fail(`${kind} has no name of its own. Leave it out.`)
