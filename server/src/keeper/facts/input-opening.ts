/*
 * Terminology
 *
 * - unproven input: what the target did not echo (docs/formats.md), and statements as they were before masking: kept under the officers' key
 * - opening: one security officer asks, with a reason, to see the unproven input of one recording, and another one approves it. For an hour, a few times
 * - showing: one look at it by one of the two, with a fresh code; counted in the row of the opening before anything is shown
 */

/** How long an opening waits for the second officer, in seconds. */
export const openingWaits = 24 * 3600
/** How long what was approved may be looked at. */
export const openingRuns = 3600
export const mostShowings = 3
/** Who asks, who approves and who sees it. */
export const openers = 'security'
export const longestOpeningReason = 500
