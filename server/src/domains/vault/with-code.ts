import type { PersonId } from '../../kernel/id.ts'
import type { SignedIn } from '../../platform/http/handler.ts'

/** Who acts with the code that came along; undefined where none did. */
export const withCode = ({ person }: SignedIn, code: string | undefined): { person: PersonId; code: string } | undefined =>
  code === undefined ? undefined : { person, code }
