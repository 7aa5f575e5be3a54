import { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import type { Result } from '../../../kernel/result.ts'
import type { SessionError } from '../errors.ts'
import { type WatchDeps, type Watcher, watchSession } from './watch-session.ts'

/** All watching in this process: what gateways send is told here, and it ends with the process. */
export interface Watching {
  watch(session: string, who: Watcher, covert: string | undefined): Promise<Result<Readable, SessionError>>
  /** The database says that something was sent to a watcher ('' when it may have been). */
  sent(watch: string): void
  /** Every watcher is let go, and none is taken. */
  close(): void
}

export function createWatching(given: Omit<WatchDeps, 'onSent' | 'stopping'>): Watching {
  const sent = new EventEmitter().setMaxListeners(0)
  const stopping = new AbortController()
  const deps: WatchDeps = {
    ...given,
    stopping: stopping.signal,
    onSent(watch, callback) {
      sent.on(watch, callback).on('any', callback)
      return () => void sent.off(watch, callback).off('any', callback)
    },
  }
  return {
    watch: (session, who, covert) => watchSession(deps, session, who, covert),
    sent: (watch) => void sent.emit(watch === '' ? 'any' : watch),
    close: () => stopping.abort(),
  }
}
