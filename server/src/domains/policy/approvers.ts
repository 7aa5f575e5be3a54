import { effectiveTier, type PolicyQuestion } from './question.ts'

type About = Pick<PolicyQuestion, 'resource'>
const holdsHealthData = ({ resource }: About) => resource.target.scopes?.includes('phi') ?? false

/** Groups whose members may say yes or no to this: being in one of them is enough. */
export function approverGroups(about: About): readonly string[] {
  return holdsHealthData(about) && effectiveTier(about.resource) !== 0 ? ['security'] : ['approvers', 'security']
}

/**
 * Groups of which at least one approver must be: for tier 0 one approver comes from each side, so that neither team
 * alone opens the most critical systems. Comes on top of the number of approvals that the obligations ask for.
 */
export function requiredApproverGroups(about: About): readonly string[] {
  if (effectiveTier(about.resource) === 0) return ['approvers', 'security']
  return holdsHealthData(about) ? ['security'] : []
}
