/** How many custodians there may be; the same bounds as in the contract. */
export const fewest = 2
export const most = 16
/** Letters and digits of a share, behind `clvs-` (docs/formats.md). */
export const shareLetters = 74

const isCount = (n: number): boolean => Number.isInteger(n) && n >= fewest && n <= most

/** Why a seal of this many shares cannot be; undefined where it can. */
export function sharesBlocked(shares: number): string | undefined {
  return isCount(shares) ? undefined : `From ${fewest} to ${most}`
}

/** Why this many cannot be needed of so many; undefined where they can. */
export function thresholdBlocked(threshold: number, shares: number): string | undefined {
  if (isCount(shares) && threshold > shares) return `At most ${shares}, as many as there are`
  if (threshold === 1) return 'At least 2: nobody opens it alone'
  return isCount(threshold) ? undefined : `From ${fewest} to ${isCount(shares) ? shares : most}`
}

/** What the two numbers mean for those who live with them. */
export function meaning(threshold: number, shares: number): string {
  const spare = shares - threshold
  if (spare === 0) return `All ${shares} must come, each time. One lost share, and the vault is lost.`
  return `Any ${threshold} of the ${shares} open it. ${spare === 1 ? 'One share' : `${spare} shares`} may be lost; one more, and so is the vault.`
}

export const initCommand = (shares: number, threshold: number): string => `./claviger init --shares ${shares} --threshold ${threshold}`

/** How far somebody is with typing: case, hyphens, spaces and the beginning `clvs` do not count. */
export const lettersOf = (typed: string): number => typed.replace(/[\s-]/g, '').replace(/^clvs/i, '').length

/** `clvs-abcde-…` in the groups in which it is written down. */
export const groupsOf = (share: string): string[] => share.split('-')

/** Whether this is how the share ends, as somebody reads it from their paper: I and L are taken for 1, O for 0. */
export function endsWith(share: string, typed: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[\s-]/g, '').replace(/[il]/g, '1').replaceAll('o', '0')
  return plain(typed) === plain(groupsOf(share).at(-1) ?? '')
}

/** "1 of 3 shares given". */
export const given = (count: number, threshold: number): string => `${count} of ${threshold} shares given`
