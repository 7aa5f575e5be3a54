/*
 * Terminology
 *
 * - activation: two people, one of them of security, say that accounts of the break-glass location are needed now, and custodians open these with
 *   their shares: for one window, under grants of the one who asked, recorded, and rotated at its end
 * - drill: the same on one account, where the server itself logs in and nobody gets a grant
 * - review: what an officer who was neither of the two writes about an activation afterwards; it stays open until then
 */

/** As long as an activation may run, in seconds. */
export const longestActivation = 4 * 3600
/** As long as it waits for the second person and the custodians. */
export const activationWaits = 3600
/** As many accounts at once. */
export const mostActivated = 20
/** Who may ask, and who may be the second one; one of the two is of security. */
export const mayAsk: readonly string[] = ['engineers', 'approvers', 'security', 'administrators']
export const mayAgree: readonly string[] = ['security', 'administrators']
export const officers = 'security'
/** Of a review, so that it is more than a word. */
export const shortestReview = 20

/** What stands in a request that an activation brings, in place of what policy would say: it bypasses the workflow, not the records. */
export const activationDemands = {
  approvals: 2,
  maxSeconds: longestActivation,
  itsmTicket: false,
  mfa: 'fresh',
  reveal: 'never',
  recorded: true,
  because: ['break-glass'],
} as const

/** Before the statement that custodians check before they give a share to the keeper; an Ed25519 signature of the ledger's key is over both. */
export const activationSigned = 'claviger/activation/v1\n'
