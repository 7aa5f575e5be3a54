import type { How, LiveSession } from '../../gateways/contract.ts'
import type { Released } from './opening.ts'

/** A session keeps so many times what a statement may, and no more than this. */
const statementsKept = 64
const mostBytes = 16 * 1024 * 1024

/** How much of what statements give back is kept. In scope pci nothing, whatever policy says. */
export function keptResults({
  how,
  withoutCards,
  released,
}: {
  how: Pick<How, 'kind'>
  withoutCards: boolean
  released: { terms: Pick<Released['terms'], 'resultBytes'> }
}): LiveSession['keepResults'] {
  const { resultBytes } = released.terms
  if (how.kind !== 'sql' || withoutCards || !resultBytes) return undefined
  return { statementBytes: resultBytes, sessionBytes: Math.min(statementsKept * resultBytes, mostBytes) }
}
