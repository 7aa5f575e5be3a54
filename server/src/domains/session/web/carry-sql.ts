import type { Duplex } from 'node:stream'
import { web as api } from '@claviger/api'
import type { Result } from '../../../kernel/result.ts'
import type { WebLine } from '../../../platform/http/web-line.ts'
import type { ConsoleLogin, Hears, SqlConsole, SqlEvent } from '../../../platform/sql-console/index.ts'
import { RowPages } from './row-pages.ts'

const mostWaiting = 1024 * 1024
const openMs = 10_000
/** Notices of one text; what a loop says beyond it is in the recording. */
const mostNotices = 200

export type OpenSql = (line: Duplex, login: ConsoleLogin, hears: Hears) => Promise<Result<SqlConsole, string>>

export interface SqlPlace {
  /** person@account@target */
  user: string
  /** Where the person names none. */
  database: string
  connect(): Promise<Duplex>
  /** PEM of the authority of the gateway's doors. */
  ca(): Promise<string | undefined>
  open: OpenSql
  /** For so many milliseconds a result waits to be asked on. */
  heldMs?: number | undefined
}

const noGateway = 'The gateway does not answer. Try again in a moment; if it stays, tell your administrator.'
const goneGateway = 'The connection to the gateway broke. Open it again.'

/** Passes statements and what they come to between a browser and the gateway's door. Who comes, and what they may, is asked there. */
export function carrySql(line: WebLine, place: SqlPlace): void {
  let sql: SqlConsole | undefined
  let gateway: Duplex | undefined
  let over = false
  let opening = false
  let running: { since: number; notices: number; rows: RowPages } | undefined
  let sent: (() => void) | undefined
  const late = setTimeout(() => line.close(), openMs)

  const tell = (message: api.SqlHears) => line.send(JSON.stringify(message))
  const end = (why: string | null) => {
    if (over) return
    free()
    tell({ kind: 'over', status: null, signal: null, why })
    line.close()
  }
  const free = () => {
    over = true
    clearTimeout(late)
    sql?.close()
    if (!sql) gateway?.destroy()
    running?.rows.past('all')
    sent?.()
  }
  /** Whoever reads slowly holds the database back. */
  const taken = async () => {
    while (!over && line.waiting > mostWaiting) await new Promise<void>((resolve) => (sent = resolve))
  }
  const hear = async (event: SqlEvent): Promise<void> => {
    if (over) return
    if (event.kind === 'row') {
      await running?.rows.row(event.cells)
      return await taken()
    }
    running?.rows.flush()
    if (event.kind === 'columns') running?.rows.result()
    if (event.kind === 'notice' && running && ++running.notices > mostNotices) return
    if (event.kind === 'idle') {
      const ms = running ? performance.now() - running.since : 0
      running = undefined
      tell({ kind: 'idle', transaction: event.transaction, ms: Math.round(ms * 10) / 10 })
    } else tell(event)
    await taken()
  }
  const open = async (ticket: string, database: string) => {
    const ca = await place.ca()
    if (ca === undefined) return end(noGateway)
    gateway = await place.connect()
    if (over) return void gateway.destroy()
    clearTimeout(late)
    const login = { user: place.user, password: ticket, database, ca, another: place.connect }
    const opened = await place.open(gateway, login, { hear, gone: (why) => end(why ?? goneGateway) })
    if (!opened.ok) return end(opened.error)
    sql = opened.value
    if (over) return sql.close()
    tell({ kind: 'ready', server: sql.server, database, cancelBy: sql.cancelBy })
  }
  const cancel = async (sql: SqlConsole, ticket: string | undefined) => {
    const done = await sql.cancel(ticket)
    if (!done.ok && !over) tell({ kind: 'said', message: `It could not be cancelled: ${done.error}` })
  }

  line.onSent(() => sent?.())
  line.onClose(() => free())
  line.onMessage((message) => {
    if (over) return
    const said = typeof message === 'string' ? parse(message) : undefined
    if (!said) return line.close()
    line.touched()
    if (said.kind === 'open') {
      if (opening) return line.close()
      opening = true
      open(said.ticket, said.database ?? place.database).catch(() => end(noGateway))
    } else if (!sql) line.close()
    else if (said.kind === 'run') {
      if (running || said.sql.includes('\0')) return line.close()
      running = { since: performance.now(), notices: 0, rows: new RowPages(tell, place.heldMs) }
      sql.run(said.sql)
    } else if (said.kind === 'more') running?.rows.more()
    else if (said.kind === 'finish') running?.rows.past('result')
    else if (running) {
      running.rows.past('all')
      void cancel(sql, said.ticket)
    }
  })
}

function parse(message: string): api.SqlSays | undefined {
  try {
    const said = api.sqlSays.safeParse(JSON.parse(message))
    return said.success ? said.data : undefined
  } catch {
    return undefined
  }
}
