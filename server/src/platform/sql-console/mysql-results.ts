import type { Duplex } from 'node:stream'
import {
  columnIn,
  countIn,
  endIn,
  errorIn,
  type MysqlColumn,
  okIn,
  type ResultEnd,
  readAside,
  valuesIn,
} from '../../protocols/mysql/index.ts'
import { type Cell, cellOf, type Hears, longestCell, longestText } from './console.ts'
import { placeOf } from './error-place.ts'
import { mysqlTypeName } from './mysql-types.ts'
import { readBody } from './read-mysql.ts'

/** With these the door, or the server, says that it goes: the connection ends behind them. */
const farewells = new Set([1053, 1105, 1152, 1153, 1158, 1835, 3032])

interface Asked {
  /** The text that runs. */
  sql(): string
  ping(): void
}

/** Everything that is said after the login, until the end; answers why, where it was said. */
export async function followResults(socket: Duplex, { sql, ping }: Asked, { hear }: Hears): Promise<string | undefined> {
  let state: 'first' | 'columns' | 'rows' | 'pinged' = 'first'
  let left = 0
  let columns: MysqlColumn[] = []
  let rows = 0
  /** What was said as the last thing, where it may have been the last of all. */
  let farewell: string | undefined
  const idle = async (inTransaction: boolean) => {
    state = 'first'
    await hear({ kind: 'idle', transaction: inTransaction ? 'open' : 'none' })
  }
  const ended = async (end: ResultEnd, tag: string, touched: number) => {
    if (end.warnings > 0) await hear({ kind: 'notice', severity: 'WARNING', message: warningsIn(end.warnings) })
    await hear({ kind: 'done', tag, rows: touched })
    if (end.more) state = 'first'
    else await idle(end.inTransaction)
  }
  for (;;) {
    const read = await readBody(socket)
    if (!read) return farewell
    if ('tooLong' in read) {
      if (state !== 'rows') return undefined
      rows += 1
      await hear({ kind: 'row', cells: columns.map(() => ({ cut: '', length: read.tooLong })) })
      continue
    }
    const { body } = read
    const aside = readAside(body)
    if (aside) {
      await hear(aside.kind === 'said' ? { ...aside, message: aside.message.slice(0, longestText) } : aside)
      continue
    }
    const failed = errorIn(body)
    if (failed) {
      const { number, sqlState, message } = failed
      if (farewells.has(number)) farewell = message.slice(0, longestText)
      const code = sqlState === '' ? `${number}` : `${number} (${sqlState})`
      const position = placeOf(message, sql())
      await hear({ kind: 'failed', message: message.slice(0, longestText), code, position, detail: null, hint: null })
      // an error says nothing of the transaction; whoever pings hears of it
      state = 'pinged'
      ping()
      continue
    }
    farewell = undefined
    const end = endIn(body)
    if (state === 'rows' && end) await ended(end, `${rows} ${rows === 1 ? 'row' : 'rows'}`, rows)
    else if (state === 'rows') {
      rows += 1
      await hear({ kind: 'row', cells: cellsIn(body, columns) })
    } else if (state === 'columns' && left === 0) {
      if (!end) return undefined
      state = 'rows'
      rows = 0
      await hear({ kind: 'columns', columns: columns.map((c) => ({ name: c.name.slice(0, 200), type: mysqlTypeName(c) })) })
    } else if (state === 'columns') {
      const column = columnIn(body)
      if (!column) return undefined
      columns.push(column)
      left -= 1
    } else {
      const done = okIn(body)
      if (done && state === 'pinged') await idle(done.inTransaction)
      else if (done) await ended(done, done.info === '' ? 'OK' : done.info.slice(0, 200), done.affected)
      else {
        const count = countIn(body)
        if (count === undefined) return undefined
        state = 'columns'
        left = count
        columns = []
      }
    }
  }
}

const warningsIn = (count: number) => `${count} ${count === 1 ? 'warning' : 'warnings'}: show warnings reads them.`

/** Text as it is; bytes in hexadecimal digits. */
function cellsIn(body: Buffer, columns: readonly MysqlColumn[]): Cell[] {
  const values = valuesIn(body, columns.length)
  return columns.map(({ binary }, at) => {
    const value = values[at]
    if (value === null || value === undefined) return null
    if (!binary) return cellOf(value.toString('utf8'))
    const shown = `0x${value.toString('hex', 0, longestCell / 2)}`
    return value.length > longestCell / 2 ? { cut: shown, length: 2 + 2 * value.length } : shown
  })
}
