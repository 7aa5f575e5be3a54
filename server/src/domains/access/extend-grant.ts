import type { GrantId, PersonId } from '../../kernel/id.ts'
import { fail, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { lockGrant, type RequestRow } from './access.store.ts'
import type { AccessError } from './errors.ts'
import { type FileRequestDeps, fileRequest } from './file-request.ts'
import { grantedAccount } from './reveal.store.ts'
import { sees } from './rules.ts'

/** Asks for more time under a grant of one's own: a request like any other, which moves the end of the grant instead of becoming one. */
export async function extendGrant(
  deps: FileRequestDeps & { db: Db },
  id: GrantId,
  who: { person: PersonId; groups: readonly string[]; presence: string; code?: string | undefined },
  asking: { seconds: number; reason: string; itsmTicket: string | null },
): Promise<Result<RequestRow, AccessError>> {
  const found = await deps.db.transaction().execute(async (tx) => {
    const grant = await lockGrant(tx, id)
    return grant && { grant, on: await grantedAccount(tx, id) }
  })
  if (!found?.on || !sees(found.grant.person_id, who)) return fail({ code: 'access.grant_unknown', grant: id })
  const { grant, on } = found
  if (grant.person_id !== who.person) return fail({ code: 'access.not_yours' })
  if (grant.state !== 'active') return fail({ code: 'access.grant_over' })
  return await fileRequest(deps, who, { ...asking, account: `${on.name}@${on.target}`, action: grant.action, extends: id })
}
