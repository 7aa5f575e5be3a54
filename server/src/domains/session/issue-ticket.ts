import type { Keeper } from '../../keeper/client.ts'
import type { PersonId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Audit } from '../audit/index.ts'
import type { SessionError } from './errors.ts'
import { ticketIssued } from './events.ts'

export interface IssuedTicket {
  ticket: Secret
  /** ISO time. */
  expiresAt: string
}

/** A connection ticket for a grant of one's own, good from the address that asks. It leaves when its entry is sequenced. */
export async function issueTicket(
  { audit, keeper }: { audit: Audit; keeper: Keeper },
  { grant, from, who }: { grant: string; from: string; who: { person: PersonId; presence: string } },
): Promise<Result<IssuedTicket, SessionError>> {
  return await audit.act<IssuedTicket, SessionError>(
    { act: 'session.issue_ticket', by: who.person, about: { grant } },
    async ({ record }) => {
      const issued = await keeper.ask('issueTicket', { presence: who.presence, grant, from })
      if (!issued.ok) return issued
      const { expiresAt, payload } = issued.value
      await record(ticketIssued({ grant, expiresAt, from }))
      return ok({ ticket: payload ?? new Secret(new Uint8Array()), expiresAt })
    },
  )
}
