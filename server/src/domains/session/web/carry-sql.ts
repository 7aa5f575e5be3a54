import type { Duplex } from 'node:stream'
import { web as api } from '@claviger/api'
import type { Result } from '../../../kernel/result.ts'
import type { WebLine } from '../../../platform/http/web-line.ts'
import type { Cell, ConsoleLogin, Hears, SqlConsole, SqlEvent } from '../../../platform/sql-console/index.ts'

/** Rows that a browser gets before it asks for more, and characters of them. */
const pageRows = 200
const pageChars = 1_000_000
/** Rows in one message, as far as their characters let. */
const batchChars = 100_000
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
}

const noGateway = 'The gateway does not answer. Try again in a moment; if it stays, tell your administrator.'
const goneGateway = 'The connection to the gateway broke. Open it again.'

/** Passes statements and what they come to between a browser and the gateway's door. Who comes, and what they may, is asked there. */
export function carrySql(line: WebLine, place: SqlPlace): void {
  let sql: SqlConsole | undefined
  let gateway: Duplex | undefined
  let over = false
  let opening = false
  let running: { since: number; rows: number; chars: number; notices: number; discard: boolean } | undefined
  let more: (() => void) | undefined
  let batch: Cell[][] = []
  let batched = 0
  let sent: (() => void) | undefined
  const late = setTimeout(() => line.close(), openMs)

  const tell = (message: api.SqlHears) => line.send(JSON.stringify(message))
  const end = (why: string | null) => {
    if (over) return
    over = true
    clearTimeout(late)
    free()
    tell({ kind: 'over', status: null, signal: null, why })
    line.close()
  }
  const free = () => {
    sql?.close()
    if (!sql) gateway?.destroy()
    more?.()
    sent?.()
  }
  const flush = () => {
    if (batch.length > 0) tell({ kind: 'rows', rows: batch })
    batch = []
    batched = 0
  }
  /** Whoever reads slowly holds the database back. */
  const taken = async () => {
    while (!over && line.waiting > mostWaiting) await new Promise<void>((resolve) => (sent = resolve))
  }
  const onRow = async (cells: Cell[]) => {
    if (!running || running.discard) return
    const chars = cells.reduce((sum, cell) => sum + (cell === null ? 4 : typeof cell === 'string' ? cell.length : cell.cut.length), 0)
    if (running.rows >= pageRows || running.chars > pageChars) {
      flush()
      tell({ kind: 'held' })
      await new Promise<void>((resolve) => (more = resolve))
      more = undefined
      if (over || running.discard) return
      running.rows = 0
      running.chars = 0
    }
    running.rows += 1
    running.chars += chars
    batch.push(cells)
    batched += chars
    if (batched > batchChars || batch.length >= 100) flush()
    await taken()
  }
  const hear = async (event: SqlEvent): Promise<void> => {
    if (over) return
    if (event.kind === 'row') return await onRow(event.cells)
    flush()
    if (event.kind === 'notice') {
      if (running && ++running.notices > mostNotices) return
      tell(event)
    } else if (event.kind === 'idle') {
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
    if (over) return free()
    tell({ kind: 'ready', server: sql.server, database })
  }

  line.onSent(() => sent?.())
  line.onClose(() => {
    over = true
    clearTimeout(late)
    free()
  })
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
      running = { since: performance.now(), rows: 0, chars: 0, notices: 0, discard: false }
      sql.run(said.sql)
    } else if (said.kind === 'more') more?.()
    else if (running) {
      running.discard = true
      batch = []
      void sql.cancel()
      more?.()
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
