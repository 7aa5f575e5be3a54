import { z } from 'zod'
import type { About } from '../../kernel/credential-kinds.ts'

/** As long as what an operation takes (contract/credentials.ts). */
const longest = 16_384
const about = z.record(z.string().max(40), z.union([z.string().max(8192), z.number(), z.array(z.string().max(256)).max(100)]))
const time = z.iso.datetime()

/**
 * What is written of a credential that was brought in, in the column in which an SSH key has its public line: JSON, bound to the secret as that line is.
 * The server read it from the credential before it was sealed: nothing is parsed in the keeper but this. Undefined of a password or an SSH key.
 */
export function readAbout(line: string | null): About | undefined {
  if (line === null || line.length > longest || !line.startsWith('{')) return undefined
  try {
    const parsed = about.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** The column as two answers: the public line of an SSH key, or what there is to say of anything that was brought in. */
export function shownOf(line: string | null): { public: string | null; about: About | null } {
  const known = readAbout(line) ?? null
  return { public: known ? null : line, about: known }
}

/** Until when it is good by itself; null: for ever, or nobody said. */
export function expiryOf(known: About | undefined): Date | null {
  const parsed = time.safeParse(known?.notAfter)
  return parsed.success ? new Date(parsed.data) : null
}
