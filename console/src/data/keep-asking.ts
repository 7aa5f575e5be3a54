import { Away, Refused } from '../api.ts'

/** Milliseconds between two tries while the server is away or fails. */
export const again = 4000

/** True for what passes without anybody changing the question: nobody answers, or the server fails or is not ready. */
export const passes = (error: unknown): boolean => error instanceof Away || (error instanceof Refused && error.status >= 500)

/**
 * How often a page asks again: as it says itself, and sooner while the server is away, so that a page
 * that failed shows itself when the server is back and nobody has to press anything.
 */
export const keepAsking =
  <T>(usual: number | false | ((data: T | undefined) => number | false)) =>
  ({ state: { data, error } }: { state: { data: T | undefined; error: Error | null } }): number | false => {
    const said = typeof usual === 'function' ? usual(data) : usual
    if (!passes(error)) return said
    return said === false ? again : Math.min(said, again)
  }

/**
 * For what is an entry in the audit log each time that it is asked: by itself only as long as nothing of it has come. What is here already is asked again when
 * the person says so, whatever failed behind it.
 */
export const untilAnswered = (query: { state: { data: unknown; error: Error | null } }): number | false =>
  query.state.data === undefined ? keepAsking(false)(query) : false
