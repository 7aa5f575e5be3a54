import { join } from 'node:path'
import type { Environment, Tier } from '../../../kernel/tier.ts'
import { createPolicyEngine, loadDefaultPolicies, type PolicyEngine, type PolicyQuestion, type PolicyText } from '../index.ts'

export const policiesFolder = join(import.meta.dirname, '../../../../../policies')

export function defaultPolicies(): PolicyText[] {
  const loaded = loadDefaultPolicies(policiesFolder)
  if (!loaded.ok) throw new Error(loaded.error.code)
  return loaded.value.map((policy) => ({ id: policy.name, ...policy }))
}

export function engineOf(policies: readonly PolicyText[]): PolicyEngine {
  const engine = createPolicyEngine(policies)
  if (!engine.ok) throw new Error(JSON.stringify(engine.error))
  return engine.value
}

interface Asked {
  groups?: readonly string[]
  action?: 'connect' | 'reveal'
  tier?: Tier
  accountTier?: Tier
  environment?: Environment
  kind?: string
  scopes?: readonly string[]
  context?: Partial<PolicyQuestion['context']>
}

/** An engineer who asks for one hour on `deploy@web01`, where nothing else is said. */
export function question({
  groups = ['engineers'],
  action = 'connect',
  tier = 2,
  accountTier = tier,
  ...rest
}: Asked = {}): PolicyQuestion {
  const { environment = 'production', kind = 'linux-ssh', scopes = [] } = rest
  return {
    principal: { id: 'per_aaaaaaaaaa', groups },
    action,
    resource: {
      account: { id: 'acc_aaaaaaaaaa', name: 'deploy', category: 'local-admin', tier: accountTier, privileges: ['sudo'] },
      target: { id: 'tgt_aaaaaaaaaa', name: 'web01', kind, environment, tier, scopes },
    },
    context: { seconds: 3600, hasItsmTicket: false, phase: 'request', ...rest.context },
  }
}

/** Everything that anybody could have collected, so that only what a test takes away is missing. */
export const allCollected = {
  phase: 'release',
  seconds: 3600,
  hasItsmTicket: true,
  approvals: 2,
  approverIsRequester: false,
  mfaAgeSeconds: 10,
} as const satisfies PolicyQuestion['context']
