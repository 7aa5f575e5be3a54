import { type Answered, type Asked, command, packet, readExecute, statementIdOf, type Value } from '../../../protocols/mysql/index.ts'
import type { StatementStart } from '../../contract.ts'
import type { SaidError } from '../say.ts'
import type { Prepared, PreparedStatements } from './prepared-statements.ts'
import { whyRefused } from './refused-commands.ts'
import type { SessionText } from './session-text.ts'
import type { Running, StatementLog } from './statement-log.ts'

export interface CommandContext {
  log: StatementLog
  text: SessionText
  prepared: PreparedStatements
  /** What a number of a connection means on the target: see `ConnectionIds`. */
  kill(connection: number): number | 'no' | undefined
  /** Takes back what is asked about on another connection of theirs; false where nothing is. */
  takeBack(connection: number): boolean
  /** What is prepared now is asked about each time that it is run. */
  each: boolean
}

/** What becomes of a command. */
export type Handled =
  /** It goes to the target, `instead` of it something else, and is answered. */
  | { do: 'ask'; asked: Asked; running?: Running; answered?: (answer: Answered) => void; instead?: Buffer }
  /** It goes to the target and nothing comes back. */
  | { do: 'pass' }
  | { do: 'refuse'; error: SaidError; say: string }
  /** It is done already; the client hears so. */
  | { do: 'done' }
  /** It could not be recorded as what it is, and has no answer: the session ends. */
  | { do: 'end'; say: string }

/** A text above so many characters is recorded once and referred to afterwards. */
const longText = 4096
const results = { kind: 'results', cursor: false } as const
const refuse = (error: SaidError, say: string): Handled => ({ do: 'refuse', error, say })
const unknownStatement = refuse('unknownStatement', 'This statement is not prepared, or was closed. Prepare it again.')

/** Decides on one command, `whole` with its head of four bytes; its statement is recorded here, before anything is passed on. */
export function handleCommand(whole: Buffer, context: CommandContext): Handled {
  const body = whole.subarray(4)
  switch (body[0]) {
    case command.query:
      return query(body.subarray(1), context)
    case command.execute:
      return execute(body, context)
    case command.prepare:
      return prepare(body.subarray(1), context)
    case command.closeStatement: {
      const id = statementIdOf(body)
      if (id !== undefined) context.prepared.delete(id)
      return { do: 'pass' }
    }
    case command.longData:
      return sendAhead(body, context)
    case command.resetStatement: {
      const known = context.prepared.get(statementIdOf(body) ?? 0)
      if (known) context.prepared.forgetAhead(known)
      return { do: 'ask', asked: { kind: 'outcome' } }
    }
    case command.fetch:
      return fetch(body, context)
    case command.initDb:
      return { do: 'ask', asked: { kind: 'outcome' }, running: simple(context, `use \`${context.text.read(body.subarray(1)).text}\``) }
    case command.fieldList: {
      const table = context.text.read(body.subarray(1)).text.split('\0')
      return {
        do: 'ask',
        asked: { kind: 'columns' },
        running: simple(context, `show columns from \`${table[0]}\` /* as COM_FIELD_LIST */`),
      }
    }
    case command.resetConnection:
      return { do: 'ask', asked: { kind: 'outcome' }, answered: ({ error }) => error || context.prepared.clear() }
    case command.statistics:
      return { do: 'ask', asked: { kind: 'anything' } }
    case command.ping:
    case command.setOption:
      return { do: 'ask', asked: { kind: 'outcome' } }
    case command.quit:
      return { do: 'pass' }
    default:
      return refuse('unknownCommand', whyRefused(body[0] as number))
  }
}

const simple = ({ log, text }: CommandContext, sql: string): Running => {
  const running = log.begin({ via: 'simple', sql, parameters: [], unsureEncoding: false, escaped: false })
  text.ran(sql)
  return running
}

const killStatement = /^(\s*kill\s+(?:(?:hard|soft)\s+)?(?:(?:connection|query)\s+)?)(\d{1,10})(\s*;?\s*)$/i
const longestKill = 100

function query(bytes: Buffer, context: CommandContext): Handled {
  const { log, text } = context
  const kill = bytes.length <= longestKill ? killStatement.exec(bytes.toString('latin1')) : null
  const named = kill ? context.kill(Number(kill[2])) : undefined
  if (kill && /query/i.test(kill[1] ?? '') && context.takeBack(Number(kill[2]))) {
    const sql = bytes.toString('latin1')
    log.finish(log.begin({ via: 'simple', sql, parameters: [], unsureEncoding: false, escaped: false }), { rows: 0, affected: 0, bytes: 0 })
    return { do: 'done' }
  }
  if (named === 'no') return refuse('refused', 'That connection is not one of yours at this account, or is over.')
  // what reaches the target is what is recorded
  const sent = kill && named !== undefined ? Buffer.from(`${kill[1]}${named}${kill[3]}`) : bytes
  const { text: sql, ...marks } = text.read(sent)
  const running = log.begin({ via: 'simple', sql, parameters: [], ...marks })
  text.ran(sql)
  const ask = { do: 'ask', asked: results, running } as const
  return sent === bytes ? ask : { ...ask, instead: packet(0, Buffer.concat([Buffer.from([command.query]), sent])) }
}

function prepare(bytes: Buffer, { log, text, prepared, each }: CommandContext): Handled {
  if (!prepared.hasRoom(bytes.length))
    return refuse('tooManyPrepared', 'More is prepared than this gateway remembers. Close statements that you do not need.')
  const { text: sql, ...marks } = text.read(bytes)
  return {
    ...{ do: 'ask', asked: { kind: 'prepare' } },
    answered({ prepared: made, ...answer }) {
      if (made) prepared.add(made.id, { sql, ...marks, parameters: made.parameters, each, types: undefined, long: new Map(), n: 0 })
      // one that was refused is recorded as a statement too
      else log.finish(log.begin({ via: 'extended', sql, parameters: [], ...marks }), answer)
    },
  }
}

function sendAhead(body: Buffer, { prepared }: CommandContext): Handled {
  const known = prepared.get(statementIdOf(body) ?? 0)
  const place = body.length >= 7 ? body.readUInt16LE(5) : Number.POSITIVE_INFINITY
  // a server ignores what it has no place for, and so nothing of it counts
  if (!known || place >= known.parameters)
    return { do: 'end', say: 'A value came for a statement that has no place for it. The session ends.' }
  if (prepared.sendAhead(known, place, Buffer.from(body.subarray(7)))) return { do: 'pass' }
  return { do: 'end', say: 'Values of a statement are at most 16 MiB together here, since each is recorded whole. Send them in parts.' }
}

function execute(body: Buffer, context: CommandContext): Handled {
  const { log, text, prepared } = context
  const known = prepared.get(statementIdOf(body) ?? 0)
  if (!known) return unknownStatement
  const { parameters, types, long } = known
  const read = readExecute(body, { parameters, types, isLong: (place) => long.has(place) })
  if (!read) return refuse('wrongArguments', 'The values of this statement could not be read, and so it was not executed.')
  known.types = read.types
  const shown = show(read.values, known, text)
  prepared.forgetAhead(known)
  const running = log.begin(extended(known, shown))
  if (known.n === 0) known.n = running.n
  text.ran(known.sql)
  return { do: 'ask', asked: read.cursor ? { kind: 'results', cursor: true } : results, running }
}

/** What is about to be run, where it is asked about each time: with its values. Nothing is changed by looking. */
export function runAsked(body: Buffer, { text, prepared }: CommandContext) {
  const known = prepared.get(statementIdOf(body) ?? 0)
  if (!known?.each) return undefined
  const { parameters, types, long } = known
  const read = readExecute(body, { parameters, types, isLong: (place) => long.has(place) })
  // what cannot be read is refused where it is handled
  if (!read) return undefined
  const { parameters: values, unsureEncoding, escaped } = show(read.values, known, text)
  const sure = !unsureEncoding && !escaped && !known.unsureEncoding && !known.escaped
  return { sql: known.sql, sure, values }
}

function fetch(body: Buffer, context: CommandContext): Handled {
  const known = context.prepared.get(statementIdOf(body) ?? 0)
  if (!known || body.length < 9) return unknownStatement
  return {
    do: 'ask',
    asked: { kind: 'rows' },
    running: simple(context, `fetch ${body.readUInt32LE(5)} rows /* of statement ${known.n} */`),
  }
}

type Shown = Pick<StatementStart, 'parameters' | 'unsureEncoding' | 'escaped'>

function show(values: readonly (Value | null | undefined)[], { long }: Prepared, text: SessionText): Shown {
  const marks = { unsureEncoding: false, escaped: false }
  const read = (bytes: Buffer): string => {
    const { text: shown, unsureEncoding, escaped } = text.read(bytes)
    marks.unsureEncoding ||= unsureEncoding
    marks.escaped ||= escaped
    return shown
  }
  const parameters = values.map((value, place) => {
    if (value === null) return null
    if (value === undefined) return read(Buffer.concat(long.get(place) ?? []))
    return 'text' in value ? value.text : read(value.bytes)
  })
  return { parameters, ...marks }
}

/** What was recorded whole before is not recorded again and again, however often it runs. */
function extended({ sql, n, unsureEncoding, escaped }: Prepared, shown: Shown): Omit<StatementStart, 'n'> {
  const marks = { unsureEncoding: unsureEncoding || shown.unsureEncoding, escaped: escaped || shown.escaped }
  const base = { via: 'extended', sql, parameters: shown.parameters, ...marks } as const
  return n > 0 && sql.length > longText ? { ...base, again: { of: n, text: true, parameters: false } } : base
}
