import type { access } from '@claviger/api'
import type { Fact, Printer } from '../kit/printer.ts'
import { spell } from '../kit/times.ts'
import { demands, stateStyle, tierStyle } from './words.ts'

/** Everything about one request, as an approver needs it and as an auditor reads it later. */
export function requestFacts(print: Printer, request: access.AccessRequest): Fact[] {
  const { account, target, requester, grant } = request
  return [
    ['request', request.id],
    ['state', request.voidReason ? `${request.state}: ${request.voidReason}` : request.state, stateStyle(request)],
    ['who', `${requester.displayName} (${requester.name})`, 'bold'],
    ['account', `${account.name}@${target.name}`, 'bold'],
    ['tier', account.tierLabel, tierStyle(account)],
    ['privileges', account.privileges.join(', ') || 'none known'],
    ['target', `${target.kind}, ${target.environment}, at ${target.address}`],
    ['action', request.action],
    ['for', `${spell(request.seconds)}${request.extends ? ` more, under ${request.extends}` : ''}`],
    ...(request.position === null ? [] : [['queue', `number ${request.position}`, 'yellow'] as const]),
    ['reason', request.reason],
    ['ITSM ticket', request.itsmTicket ?? 'none'],
    ['policy', demands(request.obligations)],
    ['because', request.because.join(', ') || '–'],
    ['asked', print.time(request.createdAt)],
    ['waits until', print.time(request.expiresAt)],
    ['before', request.history.map((h) => `${h.state} ${h.id}`).join(', ') || 'never asked for this account'],
    ...request.approvals.map((a): Fact => [a.verdict, `by ${a.approver.name}, ${print.time(a.at)}${a.comment ? `: ${a.comment}` : ''}`]),
    ...(grant ? [['grant', `${grant.id}, ${grant.state}, until ${print.time(grant.endsAt)}`, stateStyle(grant)] as const] : []),
    ['digest', request.digest, 'dim'],
  ]
}
