import { ok } from '../../kernel/result.ts'
import { hasSeat } from '../decide/seats.ts'
import { refuse } from '../refuse.ts'
import type { Handler } from './handler.ts'

/**
 * Whether one more session may be open under a grant, asked before anything is made for it: a pool that is too large and tries again all the time
 * leaves no recordings behind. By what its request was told; what policy says now is asked at the release, which decides.
 */
export const seat: Handler<'seat'> = async ({ context, args }) => {
  const grant = await context.facts.read('access_grant', args.grant)
  if (!grant.ok) return grant
  const { person_id, account_id, request_id, action } = grant.value.content
  if (action !== 'connect') return refuse('access.reveal_only', 'This grant is for seeing the credential, not for sessions.')
  const [request, account] = await Promise.all([
    context.facts.read('access_request', String(request_id)),
    context.facts.read('account', String(account_id)),
  ])
  if (!request.ok) return request
  if (!account.ok) return account
  const target = await context.facts.read('target', String(account.value.content.target_id))
  if (!target.ok) return target
  const { session } = request.value.content.obligations as { session?: { sessions?: number } }
  const seat = await hasSeat(context, {
    person: String(person_id),
    account: account.value.content,
    target: target.value.content,
    policy: session?.sessions,
  })
  return seat.ok ? ok({ done: true }) : seat
}
