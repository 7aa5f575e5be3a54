/** So long after a key somebody is taken to be at it still. */
const stillMs = 2000

let last = Number.NEGATIVE_INFINITY

/** Somebody's key has come, in whichever terminal of this process. */
export function keyCame(): void {
  last = performance.now()
}

/** Whether somebody types, and what is large is to make way. */
export const someoneTypes = (): boolean => performance.now() - last < stillMs
