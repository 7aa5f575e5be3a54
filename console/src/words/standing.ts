import type { AnswerOf, inventory } from '@claviger/api'
import { tierWords } from './inventory.ts'

type Standing = AnswerOf<typeof inventory.standing>
export type State = inventory.Account['state']

export interface TierRow {
  tier: number
  label: string
  all: number
  states: Record<State, number>
}

/** The counts as rows of a picture, every tier with a row of its own, also when it is empty. */
export const byTier = ({ counts }: Pick<Standing, 'counts'>): TierRow[] =>
  tierWords.map((label, tier) => {
    const states: Record<State, number> = { managed: 0, found: 0, held: 0 }
    for (const count of counts) if (count.tier === tier) states[count.state] += count.accounts
    return { tier, label, all: states.managed + states.found + states.held, states }
  })

/** What the picture says, for those who read one line of it. */
export function standingInWords({ counts }: Pick<Standing, 'counts'>): string {
  const sum = (state?: State) => counts.reduce((n, c) => n + (state === undefined || c.state === state ? c.accounts : 0), 0)
  const [all, found, held] = [sum(), sum('found'), sum('held')]
  if (all === 0) return 'No privileged account is known yet.'
  const number = new Intl.NumberFormat('en-GB')
  if (found === 0 && held === 0)
    return all === 1
      ? 'The one privileged account opens just in time only.'
      : `All ${number.format(all)} privileged accounts open just in time only.`
  const open = found === 0 ? 'None' : number.format(found)
  const rest = held > 0 ? ` ${number.format(held)} ${held === 1 ? 'is' : 'are'} held.` : ''
  return `${open} of ${number.format(all)} privileged accounts ${found === 1 ? 'stands' : 'stand'} open.${rest}`
}

/** Parts of a whole as percentages that can be seen: what is there at all is at least a sliver. */
export function shares(parts: readonly number[], whole: number): number[] {
  if (whole === 0) return parts.map(() => 0)
  const sliver = 1.5
  const raw = parts.map((part) => (part === 0 ? 0 : Math.max(sliver, (part / whole) * 100)))
  const sum = raw.reduce((a, b) => a + b, 0)
  return sum > 100 ? raw.map((part) => (part * 100) / sum) : raw
}
