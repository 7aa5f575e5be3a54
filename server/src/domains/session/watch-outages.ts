import type { CutReason } from '../../gateways/contract.ts'
import type { Tier } from '../../kernel/tier.ts'
import { endsNow, noOutages, type OutageRules, type Outages, usualOutageRules } from './outages.ts'

const everyMs = 500

/** Ends one running session when what is away was away for longer than its tier may be without it. */
export function watchOutages(
  { outages = noOutages, outageRules = usualOutageRules }: { outages?: Outages | undefined; outageRules?: OutageRules | undefined },
  tier: Tier,
  cut: (reason: CutReason) => void,
): { stop(): void } {
  const timer = setInterval(() => {
    const reason = endsNow(tier, outages, outageRules)
    if (reason === undefined) return
    clearInterval(timer)
    cut(reason)
  }, everyMs)
  return { stop: () => clearInterval(timer) }
}
