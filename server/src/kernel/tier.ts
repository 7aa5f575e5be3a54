/** Risk class of a target or account: 0 is the most critical. Unclassified counts as 1. */
export type Tier = 0 | 1 | 2 | 3
export const tierWords = { 0: 'critical', 1: 'high', 2: 'standard', 3: 'low' } as const satisfies Record<Tier, string>

/** Microsoft counts tiers differently, so the bare number is never shown. */
export const tierLabel = (tier: Tier): string => `Tier ${tier} · ${tierWords[tier]}`

export const environments = ['production', 'staging', 'development', 'lab'] as const
export type Environment = (typeof environments)[number]

export const accountCategories = [
  'domain-admin',
  'local-admin',
  'service',
  'database',
  'cloud-iam',
  'network-device',
  'application',
] as const
export type AccountCategory = (typeof accountCategories)[number]
