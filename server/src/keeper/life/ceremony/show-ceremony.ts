import type { Belongings } from '../belongings.ts'
import type { ShownCeremony } from './shown.ts'

export function showCeremony(life: Belongings): ShownCeremony | null {
  const ceremony = life.ceremony.current()
  const seal = life.opened?.context.installation.facts.seal
  if (!ceremony || !seal) return null
  const { plan, old, back, next } = ceremony
  const confirmed = ceremony.confirmed !== undefined
  const gathered = seal.kind !== 'shamir' || old.given(seal.set) >= seal.threshold
  const fresh = next?.seal.kind === 'shamir' ? next.seal : undefined
  return {
    goal: plan.goal,
    to: plan.goal === 'replace' ? plan.to : seal.kind,
    phase: next ? 'verifying' : confirmed && gathered ? 'ready' : 'gathering',
    confirmed,
    old:
      seal.kind === 'shamir' && !next
        ? { given: old.given(seal.set), threshold: seal.threshold, set: seal.set, forgottenIn: old.forgottenIn() }
        : null,
    back: fresh ? { given: back.given(fresh.set), shares: fresh.shares, set: fresh.set } : null,
    endsIn: life.ceremony.endsIn(),
  }
}
