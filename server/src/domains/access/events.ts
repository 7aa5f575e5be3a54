import { auditEvent } from '../audit/index.ts'

export const requestFiled = auditEvent('access.requested', {
  request: 'shown',
  account: 'shown',
  target: 'shown',
  action: 'shown',
  seconds: 'shown',
  obligations: 'shown',
  digest: 'shown',
  extends: 'shown',
  ticket: 'shown',
  reason: 'personal',
})
export const requestApproved = auditEvent('access.approved', {
  request: 'shown',
  approval: 'shown',
  digest: 'shown',
  factor: 'shown',
  enough: 'shown',
  comment: 'personal',
})
export const requestDenied = auditEvent('access.denied', { request: 'shown', approval: 'shown', reason: 'personal' })
export const requestWithdrawn = auditEvent('access.withdrawn', { request: 'shown' })
export const requestExpired = auditEvent('access.expired', { request: 'shown' })
export const requestVoided = auditEvent('access.voided', { request: 'shown', why: 'shown' })
export const grantBegan = auditEvent('access.granted', {
  grant: 'shown',
  request: 'shown',
  person: 'shown',
  account: 'shown',
  action: 'shown',
  exclusive: 'shown',
  from: 'shown',
  until: 'shown',
  approvals: 'shown',
})
export const grantEnded = auditEvent('access.grant_ended', {
  grant: 'shown',
  request: 'shown',
  person: 'shown',
  account: 'shown',
  state: 'shown',
  why: 'shown',
})
export const requestQueued = auditEvent('access.queued', { request: 'shown', account: 'shown', person: 'shown', position: 'shown' })
export const grantExtended = auditEvent('access.extended', {
  grant: 'shown',
  request: 'shown',
  person: 'shown',
  account: 'shown',
  until: 'shown',
})
/** What the last holder knew is dead: the account may go to the next. */
export const accountFreed = auditEvent('access.freed', { account: 'shown', grant: 'shown' })
export const checkOutChanged = auditEvent('access.check_out_changed', { account: 'shown', mode: 'shown' })
/** Before a credential leaves the keeper for a person's eyes. */
export const credentialShowing = auditEvent('access.showing', {
  reveal: 'shown',
  grant: 'shown',
  account: 'shown',
  credential: 'shown',
  version: 'shown',
})
export const credentialShown = auditEvent('access.shown', { reveal: 'shown', account: 'shown', version: 'shown' })
export const notShown = auditEvent('access.not_shown', { reveal: 'shown', account: 'shown', code: 'shown' })
/** For programs of the person who holds the account. */
export const readTicketIssued = auditEvent('access.read_ticket_issued', {
  grant: 'shown',
  expiresAt: 'shown',
  from: 'personal',
})
/** Before a credential leaves the keeper for programs: at worst it says so of one that never arrived. `reads`: how often, by one ticket at one moment. */
export const credentialRead = auditEvent('access.read', {
  grant: 'shown',
  account: 'shown',
  credential: 'shown',
  version: 'shown',
  reads: 'shown',
})
export const policiesLaidDown = auditEvent('policy.laid_down', { policies: 'shown' })
export const changeProposed = auditEvent('policy.change_proposed', { change: 'shown', policies: 'shown', reason: 'personal' })
export const changeApproved = auditEvent('policy.change_approved', { change: 'shown', policies: 'shown' })
export const changeWithdrawn = auditEvent('policy.change_withdrawn', { change: 'shown', policies: 'shown' })
