// What others may use of policy. Everything else in here is private.
export { approverGroups, requiredApproverGroups } from './approvers.ts'
export type { Decision, PolicyRefusal, PolicyRefusalCode } from './decision.ts'
export { loadDefaultPolicies } from './default-policies.ts'
export { createPolicyEngine, type PolicyEngine } from './engine.ts'
export { type PolicyError, policyErrorFaces } from './errors.ts'
export type { Obligations } from './obligations.ts'
export { effectiveTier, type PolicyQuestion } from './question.ts'
export type { PolicyText } from './read-policy.ts'
