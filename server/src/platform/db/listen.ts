import pg from 'pg'
import type { DbConnection } from './open-db.ts'

/** A connection that was cut without a word is noticed within this. */
const probeMs = 5_000

export interface Listener {
  close(): Promise<void>
}

/**
 * Listens to PostgreSQL notifications on a connection of its own, which is opened again when it breaks. After each (re)connect
 * every handler is called once with an empty payload: what was said meanwhile is lost, so look for yourself.
 */
export async function listen(connection: DbConnection, handlers: Readonly<Record<string, (payload: string) => void>>): Promise<Listener> {
  let closed = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined

  const open = async (): Promise<void> => {
    const fresh = new pg.Client({ ...connection, keepAlive: true })
    fresh.on('notification', ({ channel, payload }) => handlers[channel]?.(payload ?? ''))
    fresh.on('error', () => undefined)
    fresh.on('end', () => again())
    await fresh.connect()
    // channel names are ours, written in code
    for (const channel of Object.keys(handlers)) await fresh.query(`listen "${channel}"`)
    client = fresh
    probe(fresh)
    for (const handler of Object.values(handlers)) handler('')
  }

  /** Asks now and then whether the server is still there: a listener says nothing by itself, so that it would not notice. */
  const probe = (on: pg.Client): void => {
    let asked = 0
    const stop = () => clearInterval(ticking)
    const ticking = setInterval(() => {
      if (asked > 0) {
        stop()
        // no answer since the last time: its socket is closed by force, which ends it
        on.connection.stream.destroy()
        return
      }
      asked += 1
      on.query('select 1').then(
        () => {
          asked -= 1
        },
        () => undefined,
      )
    }, probeMs)
    on.once('end', stop)
  }

  const again = (): void => {
    if (closed || timer) return
    timer = setTimeout(() => {
      timer = undefined
      open().catch(() => again())
    }, 500)
  }

  await open()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
