import { auditEvent } from '../audit/index.ts'

export const requestFiled = auditEvent('access.requested', {
  request: 'shown',
  account: 'shown',
  target: 'shown',
  action: 'shown',
  seconds: 'shown',
  obligations: 'shown',
  digest: 'shown',
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
export const policiesLaidDown = auditEvent('policy.laid_down', { policies: 'shown' })
