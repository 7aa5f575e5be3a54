import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../kernel/result.ts'
import {
  authenticationCode,
  type CancelKey,
  cancelRequest,
  pageParameters,
  queryMessage,
  readCancelKey,
  readParameter,
  startupMessage,
} from '../../protocols/postgres/index.ts'
import { readBytes, readMessage, securePostgres } from '../postgres-client/index.ts'
import { type Cell, type ConsoleLogin, cellOf, type Hears, longestText, type SqlConsole, type Transaction } from './console.ts'
import { typeName } from './postgres-types.ts'

/** Of one message. A longer row is read past, and is there with its length alone. */
const longestMessage = 4 * 1024 * 1024
const pieceBytes = 64 * 1024
const noFiles = 'The console sends no files: use psql for COPY FROM STDIN.'
const broken = 'The connection to the database broke.'

/** A login through a door of ours, under TLS, with a connection ticket as password. Refused with the door's own sentence. */
export async function openPostgresConsole(line: Duplex, login: ConsoleLogin, hears: Hears): Promise<Result<SqlConsole, string>> {
  const secured = await securePostgres(line, { host: 'localhost', ca: login.ca })
  if (!secured.ok) return fail(broken)
  const socket: Duplex = secured.value.socket
  socket.on('error', () => socket.destroy())
  const { user, database } = login
  socket.write(startupMessage({ user, database, application_name: 'Claviger console', client_encoding: 'UTF8' }))
  let cancelKey: CancelKey | undefined
  let version = ''
  for (;;) {
    const message = await readMessage(socket, longestMessage)
    if (!message) return fail(broken)
    const { type, body } = message
    if (type === 'E') return fail(fieldsOf(body).get('M') ?? broken)
    if (type === 'R' && authenticationCode(body) === 3) socket.write(text('p', login.password))
    else if (type === 'S') {
      const [name, value] = readParameter(body)
      if (name === 'server_version') version = value
    } else if (type === 'K') cancelKey = readCancelKey(body)
    else if (type === 'N') await hears.hear({ kind: 'said', message: noticeIn(body).message })
    else if (type === 'Z') {
      await hears.hear({ kind: 'idle', transaction: transactionIn(body) })
      break
    }
  }
  listen(socket, hears).then(
    (why) => hears.gone(why),
    () => hears.gone(undefined),
  )
  return ok({
    server: `PostgreSQL ${version}`.slice(0, 100),
    run: (sql) => void socket.write(queryMessage(sql)),
    cancelBy: 'key',
    async cancel() {
      const another = await login.another().catch(() => undefined)
      if (!cancelKey || !another) return fail('The gateway does not answer.')
      another.end(cancelRequest(cancelKey.processId, cancelKey.secret))
      return ok(undefined)
    },
    close() {
      // Terminate: the database hears that nobody comes back
      socket.end(Buffer.from([0x58, 0, 0, 0, 4]))
      setTimeout(() => socket.destroy(), 1_000).unref()
    },
  })
}

/** Everything that is said after the login, until the end; answers why, where it was said. */
async function listen(socket: Duplex, { hear }: Hears): Promise<string | undefined> {
  let columns = 0
  let farewell: string | undefined
  for (;;) {
    const head = await readBytes(socket, 5)
    if (!head) return farewell
    const type = String.fromCharCode(head[0] as number)
    const length = head.readUInt32BE(1) - 4
    if (length < 0) return farewell
    if (length > longestMessage) {
      if (!(await skip(socket, length))) return farewell
      if (type === 'D') await hear({ kind: 'row', cells: Array.from({ length: columns }, () => ({ cut: '', length })) })
      continue
    }
    const body = length === 0 ? Buffer.alloc(0) : await readBytes(socket, length)
    if (!body) return farewell
    if (type === 'T') {
      const described = columnsIn(body)
      columns = described.length
      await hear({ kind: 'columns', columns: described })
    } else if (type === 'D') await hear({ kind: 'row', cells: cellsIn(body) })
    else if (type === 'C') await hear(doneWith(body))
    else if (type === 'I') await hear({ kind: 'done', tag: '', rows: null })
    else if (type === 'E') {
      const fields = fieldsOf(body)
      if (fields.get('V') === 'FATAL') farewell = fields.get('M')
      else await hear(failureIn(fields))
    } else if (type === 'N') await hear(noticeIn(body))
    else if (type === 'S') {
      const [name, value] = readParameter(body)
      if (name === pageParameters.suspended) await hear({ kind: 'suspended', suspended: value === 'on' })
      else if (name === pageParameters.says) await hear({ kind: 'said', message: value.slice(0, longestText) })
    } else if (type === 'A') await hear({ kind: 'notice', severity: 'NOTIFY', message: notificationIn(body) })
    else if (type === 'G') socket.write(text('f', noFiles))
    else if (type === 'H') await hear({ kind: 'notice', severity: 'NOTICE', message: 'What COPY sends out is not shown here: use psql.' })
    else if (type === 'Z') await hear({ kind: 'idle', transaction: transactionIn(body) })
  }
}

async function skip(socket: Duplex, length: number): Promise<boolean> {
  for (let left = length; left > 0; left -= pieceBytes) if (!(await readBytes(socket, Math.min(left, pieceBytes)))) return false
  return true
}

/** A message whose body is one text. */
function text(type: string, said: string): Buffer {
  const bytes = Buffer.from(`${type}0000${said}\0`)
  bytes.writeUInt32BE(bytes.length - 1, 1)
  return bytes
}

/** RowDescription: for each its name, six numbers that nobody looks at but the type. */
function columnsIn(body: Buffer): { name: string; type: string }[] {
  const columns: { name: string; type: string }[] = []
  let at = 2
  for (let n = body.readUInt16BE(0); n > 0; n--) {
    const end = body.indexOf(0, at)
    if (end < 0 || end + 19 > body.length) break
    columns.push({ name: body.toString('utf8', at, end).slice(0, 200), type: typeName(body.readUInt32BE(end + 7)) })
    at = end + 19
  }
  return columns
}

/** DataRow: for each its length, -1 for null, and its bytes. */
function cellsIn(body: Buffer): Cell[] {
  const cells: Cell[] = []
  let at = 2
  for (let n = body.readUInt16BE(0); n > 0 && at + 4 <= body.length; n--) {
    const length = body.readInt32BE(at)
    at += 4
    cells.push(length < 0 ? null : cellOf(body.toString('utf8', at, at + length)))
    at += Math.max(0, length)
  }
  return cells
}

function fieldsOf(body: Buffer): Map<string, string> {
  return new Map(
    body
      .toString('utf8')
      .split('\0')
      .filter((field) => field !== '')
      .map((field) => [field.slice(0, 1), field.slice(1, longestText)]),
  )
}

function failureIn(fields: Map<string, string>) {
  const position = Number(fields.get('P'))
  return {
    ...{ kind: 'failed' as const, message: fields.get('M') ?? 'The database refused it.', code: fields.get('C') ?? null },
    ...{ detail: fields.get('D') ?? null, hint: fields.get('H') ?? null },
    position: Number.isInteger(position) && position > 0 ? position : null,
  }
}

function noticeIn(body: Buffer) {
  const fields = fieldsOf(body)
  return { kind: 'notice' as const, severity: fields.get('V') ?? 'NOTICE', message: fields.get('M') ?? '' }
}

/** NotificationResponse: a process id, the channel, what was sent along. */
function notificationIn(body: Buffer): string {
  const [channel = '', sent = ''] = body.toString('utf8', 4).split('\0')
  return `${channel}: ${sent}`.slice(0, longestText)
}

/** CommandComplete: `SELECT 3`, `INSERT 0 1`, `CREATE TABLE`. */
function doneWith(body: Buffer) {
  const tag = body.toString('utf8', 0, Math.max(0, body.indexOf(0))).slice(0, 200)
  const rows = /(\d+)$/.exec(tag)?.[1]
  return { kind: 'done' as const, tag, rows: rows === undefined ? null : Number(rows) }
}

const states: Record<string, Transaction> = { I: 'none', T: 'open', E: 'failed' }
const transactionIn = (body: Buffer): Transaction => states[body.toString('latin1', 0, 1)] ?? 'none'
