import { clientSays, type MessageSink, serverSays } from '../../protocols/postgres/index.ts'
import type { StatementTracker } from './statements/track-statements.ts'

const fatal = /\0V(FATAL|PANIC)\0/

/** The tracker's sinks, and besides, how the two sides take their leave. */
export function watchedSinks({ fromPerson, fromTarget }: Pick<StatementTracker, 'fromPerson' | 'fromTarget'>) {
  const seen = { terminated: false, farewell: false }
  return {
    /** The client has said that it goes. */
    get terminated() {
      return seen.terminated
    },
    /** The target has said why it goes. */
    get farewell() {
      return seen.farewell
    },
    fromPerson: {
      begin(type, length) {
        if (type === clientSays.terminate) seen.terminated = true
        return fromPerson.begin(type, length)
      },
      collected: fromPerson.collected,
    } satisfies MessageSink,
    fromTarget: {
      begin: fromTarget.begin,
      collected(type, body, length) {
        if (type === serverSays.errorResponse && fatal.test(body.toString('latin1', 0, 200))) seen.farewell = true
        fromTarget.collected(type, body, length)
      },
    } satisfies MessageSink,
  }
}
