import type { Admitted, Refusal, Renewal } from '../../gateways/contract.ts'
import type { RequestId, SessionId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type AccessError, explainAccess, namesIn } from '../access/index.ts'
import { explainSession, type SessionError } from './errors.ts'
import { decided, type GrantsDeps } from './grants-at-door.ts'
import { admit, type RecogniseDeps } from './recognise.ts'
import { renewSession } from './renew-session.ts'

/** So long somebody in a session waits to hear of a decision; the request itself waits longer. */
const patienceMs = 30 * 60_000

/** More time, asked for where somebody works: with the sign-in of this door, or with a code that is given there. */
export async function renewAtDoor(
  deps: GrantsDeps & RecogniseDeps,
  session: SessionId,
  admitted: Admitted,
  code: string | undefined,
): Promise<Result<Renewal, Refusal>> {
  const who = code === undefined ? ok(admitted) : await admit(deps, admitted, code)
  if (!who.ok) return who
  const { person, presence } = who.value
  const filed = await renewSession(deps, session, { person, presence })
  if (!filed.ok) return fail(refusalOf(filed.error))
  const { id, approverGroups, obligations } = filed.value
  const approvers = obligations.approvals > 0 ? await namesIn(deps.db, approverGroups, person) : []
  return ok({ request: id, approvers, link: `${deps.console}/approvals/${id}`, decided: outcomeOf(deps, id) })
}

async function outcomeOf(deps: GrantsDeps, request: RequestId): Promise<Result<void, Refusal>> {
  const outcome = await decided(deps, request, AbortSignal.timeout(patienceMs)).catch(() => undefined)
  // nobody decided: the warnings go on to say when it ends
  return !outcome || outcome.ok ? ok(undefined) : outcome
}

function refusalOf(error: SessionError | AccessError): Refusal {
  const own = error.code.startsWith('session.')
  const { code, message } = (own ? explainSession(error as SessionError) : explainAccess(error as AccessError)).body
  return { code, say: message }
}
