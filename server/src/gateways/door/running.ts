import type { Stop } from './stop.ts'

/** Sessions that are open or being opened, so that the process can end them when it stops. */
export interface Running {
  /** `run` must not reject. After `endAll` a session is stopped before it begins. */
  add(stop: Stop, run: () => Promise<void>): void
  /** Ends them all as `shutting_down`; settles when each has settled. */
  endAll(): Promise<void>
}

export function createRunning(): Running {
  const sessions = new Map<Stop, Promise<void>>()
  let ending = false
  return {
    add(stop, run) {
      if (ending) stop.now('shutting_down')
      sessions.set(
        stop,
        run().finally(() => sessions.delete(stop)),
      )
    },
    async endAll() {
      ending = true
      for (const stop of sessions.keys()) stop.now('shutting_down')
      await Promise.all(sessions.values())
    },
  }
}
