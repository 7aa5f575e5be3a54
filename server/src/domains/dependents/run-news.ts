import type { DependentId, TargetId } from '../../kernel/id.ts'
import type { DependentDeps } from './deps.ts'
import { dueNews } from './news.store.ts'
import { tellDependent } from './tell-dependent.ts'

const everyMs = 1_000
/** Hosts that are worked on at once: each holds a connection to the database while it waits for its network. */
const atOnce = 2
const lookAt = 100

export interface Telling {
  /** Milliseconds since it last looked for what is due. */
  sinceLook(): number
  stop(): Promise<void>
}

/** Tells what is due, one dependent of a host at a time. A host whose turn another server or a rotation has is passed over. */
export function runNews(deps: DependentDeps & { log: (line: string) => void }): Telling {
  const { db, now, log } = deps
  const running = new Map<TargetId, Promise<void>>()
  let looked = performance.now()
  let over = false
  let looking: Promise<void> | undefined

  const attempt = async (due: { id: DependentId; host: TargetId }): Promise<void> => {
    try {
      const attempted = await tellDependent(deps, due)
      if (attempted.ok && attempted.value.did === 'failed')
        log(`${due.id} could not be told of a new credential: ${attempted.value.error.code}`)
    } catch (error) {
      log(`${due.id} could not be told of a new credential: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const look = async (): Promise<void> => {
    const due = await db.transaction().execute((tx) => dueNews(tx, now(), lookAt))
    looked = performance.now()
    for (const one of due) {
      if (over || running.size >= atOnce) return
      if (running.has(one.host)) continue
      running.set(
        one.host,
        attempt(one).finally(() => running.delete(one.host)),
      )
    }
  }
  const kick = (): void => {
    if (over) return
    looking ??= look()
      .catch((error: unknown) => log(`dependents that are to be told could not be looked for: ${String(error)}`))
      .finally(() => {
        looking = undefined
      })
  }
  const timer = setInterval(kick, everyMs)
  kick()
  return {
    sinceLook: () => performance.now() - looked,
    async stop() {
      over = true
      clearInterval(timer)
      await looking
      await Promise.all(running.values())
    },
  }
}
