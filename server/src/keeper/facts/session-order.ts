/*
 * Terminology
 *
 * - order: what an officer wants of one running session. Its gateway carries it out once, on the keeper's word
 */

export type Ordered = 'message' | 'suspend' | 'resume' | 'end'

/** Groups whose members give orders in running sessions. */
export const mayOrder: readonly string[] = ['security']

export const longestOrder = 500
