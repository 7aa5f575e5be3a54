import type { InstallationFacts, SealFacts } from './installation.ts'

const most = 64

/** Every set of shares that opens nothing any more once another seal counts: those that did not before, and the one that does now. */
export function setsAfter({ seal, sets = [] }: Pick<InstallationFacts, 'seal' | 'sets'>): string[] {
  return (seal.kind === 'shamir' ? [...new Set([...sets, ...seal.former]), seal.set] : sets).slice(-most)
}

/** A seal that takes shares knows which sets came before its own: each of their shares gets its own sentence. */
export const withSets = (seal: SealFacts, former: string[]): SealFacts => (seal.kind === 'shamir' ? { ...seal, former } : seal)
