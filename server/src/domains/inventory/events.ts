import { auditEvent } from '../audit/index.ts'

export const targetAdded = auditEvent('inventory.target_added', {
  target: 'shown',
  name: 'shown',
  kind: 'shown',
  tier: 'shown',
  environment: 'shown',
  scopes: 'shown',
  address: 'shown',
  identity: 'shown',
  accounts: 'shown',
})
export const targetChanged = auditEvent('inventory.target_changed', {
  target: 'shown',
  changed: 'shown',
  address: 'shown',
  scopes: 'shown',
  voidedRequests: 'shown',
  voidedGrants: 'shown',
})
export const discovery = auditEvent('inventory.discovery', { target: 'shown', trigger: 'shown' })
export const discovered = auditEvent('inventory.discovered', {
  target: 'shown',
  found: 'shown',
  added: 'shown',
  changed: 'shown',
  gone: 'shown',
})
export const discoveryFailed = auditEvent('inventory.discovery_failed', { target: 'shown', code: 'shown' })
export const impostorSeen = auditEvent('alarm.impostor', { target: 'shown', expected: 'shown', presented: 'shown', during: 'shown' })
export const accountObserved = auditEvent('inventory.account_observed', { account: 'shown', target: 'shown', reason: 'personal' })
export const observationEnded = auditEvent('inventory.observation_ended', { account: 'shown', target: 'shown', reason: 'personal' })
