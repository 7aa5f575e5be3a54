import type { Obligations } from './obligations.ts'
import { readPolicy } from './read-policy.ts'
import type { Consequence } from './session-act.ts'

export interface PolicyDescription {
  effect: 'permit' | 'forbid' | null
  /** The comment that stands above it; empty when there is none. */
  title: string
  /** What a floor says to whom it refuses. */
  says: string | null
  demands: Omit<Obligations, 'recorded'> | null
  /** Of a permit for acts in sessions. */
  act: Consequence | null
  /** So long such an act is held while somebody else is asked. */
  waitSeconds: number | null
}

const noAct = { act: null, waitSeconds: null }

/** A policy in words, for a list. What does not read as one has neither effect nor demands. */
export function describePolicy(text: string): PolicyDescription {
  const comment = /^(?:\s*\/\/[^\n]*\n?)+/.exec(text)?.[0] ?? ''
  const title = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\/\/\s?/, ''))
    .join(' ')
    .trim()
  const read = readPolicy({ id: 'shown', name: 'shown', text })
  if (!read.ok) return { effect: null, title, says: null, demands: null, ...noAct }
  if (read.value.effect === 'forbid') return { effect: 'forbid', title, says: read.value.floor, demands: null, ...noAct }
  if ('act' in read.value) {
    const { act, waitSeconds } = read.value
    return { effect: 'permit', title, says: null, demands: null, act, waitSeconds: act === 'ask' ? waitSeconds : null }
  }
  const { recorded: _, ...demands } = read.value.obligations
  return { effect: 'permit', title, says: null, demands, ...noAct }
}
