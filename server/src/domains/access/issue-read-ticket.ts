import type { Keeper } from '../../keeper/client.ts'
import type { GrantId, PersonId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { AccessError } from './errors.ts'
import { readTicketIssued } from './events.ts'
import { grantForSeeing } from './reveal-credential.ts'

export interface IssuedReadTicket {
  ticket: Secret
  /** ISO time. */
  expiresAt: string
}

/**
 * A ticket with which a program reads the credential of an account that somebody holds: under a grant for seeing it, with a fresh code, good from
 * the address that asks. It leaves when its entry is sequenced.
 */
export async function issueReadTicket(
  { db, audit, keeper }: { db: Db; audit: Audit; keeper: Keeper },
  grant: GrantId,
  who: { person: PersonId; groups: readonly string[] },
  { from, code }: { from: string; code: string },
): Promise<Result<IssuedReadTicket, AccessError>> {
  const mine = await grantForSeeing(db, grant, who)
  if (!mine.ok) return mine
  const { person } = who
  return await audit.act<IssuedReadTicket, AccessError>(
    { act: 'access.issue_read_ticket', by: person, about: { grant } },
    async ({ record }) => {
      const issued = await keeper.ask('issueReadTicket', { grant, person, code, from })
      if (!issued.ok) return issued
      const { expiresAt, payload } = issued.value
      await record(readTicketIssued({ grant, expiresAt, from }))
      return ok({ ticket: payload ?? new Secret(new Uint8Array()), expiresAt })
    },
  )
}
