/*
 * Terminology
 *
 * - change of policies: what one person proposes and another approves: policies as they shall be, all at once or not at all
 * - edit: one policy of a change, with the revision that its row will have. It stands on the revision before, and on no other
 */

/** How long a change waits for another person. What it was previewed on grows old. */
export const changeWaitsDays = 7
/** The shipped set has 26. */
export const mostEdits = 40

/** One policy as it shall be. `was`: its text when the change was proposed; null where there was none, or it was retired. */
export interface PolicyEdit {
  policy: string
  name: string
  text: string
  state: 'active' | 'retired'
  revision: number
  was: string | null
}
