import {
  type BoundValue,
  clientSays,
  type MessageSink,
  readBind,
  readForms,
  readFunctionCall,
  readName,
  readNamed,
  readParse,
  readQuery,
  showParameter,
} from '../../../protocols/postgres/index.ts'
import type { StatementStart } from '../../contract.ts'
import type { Answers } from './answers.ts'
import type { ClientRead, ClientText } from './client-text.ts'
import type { Failure, Statement } from './expected.ts'
import { isPlainName, type Names, type Portal, type PortalRows, type Prepared, type PreparedText } from './names.ts'
import type { RowShape } from './row-shape.ts'
import type { StatementLog } from './statement-log.ts'

/** Bytes of one message that holds a statement or its values. It is recorded whole, or it does not reach the target. */
export const longestStatement = 16 * 1024 * 1024
const longestName = 4096
/** A text, or values, above so many characters are recorded once and referred to afterwards. */
const longText = 4096

const refusals = {
  long: `A statement with its values is at most ${longestStatement / 1024 / 1024} MiB long here, since each is recorded whole. Send it in parts, or use COPY for data.`,
  name: 'Names of prepared statements and portals are at most 63 characters of ASCII here, so that what runs is what is recorded.',
}

export interface PersonDeps {
  log: StatementLog
  answers: Answers
  text: ClientText
  prepared: Names<Prepared>
  portals: Names<Portal>
  /** Nothing more may pass: what comes could not be recorded as what it is. */
  refuse(sentence: string): void
  /** What policy says of what comes now: why it does not reach the target, or that it is asked about each time that it is run. */
  judged(): Judged
  /** Rows are kept, and so it is remembered what they consist of. */
  keepsRows: boolean
}

export interface Judged {
  refused?: Failure | undefined
  each?: boolean | undefined
}

/** What the client says, in the order in which it does. */
export function fromPerson({ log, answers, text, prepared, portals, refuse, judged, keepsRows }: PersonDeps): MessageSink {
  const sendStatement = (kind: 'query' | 'function' | 'execute', statement: Omit<StatementStart, 'n'>, gives?: PortalRows) => {
    const running = log.begin(statement)
    text.ran()
    const why = judged().refused
    const item: Statement = why ? { kind, running, refused: why } : { kind, running }
    if (gives) item.gives = gives
    answers.sent(item)
    return running
  }

  const parse = (body: Buffer) => {
    const parsed = readParse(body)
    const name = parsed?.name ?? ''
    if (!isPlainName(name)) return refuse(refusals.name)
    const { text: sql, unsureEncoding, escaped } = parsed ? text.read(parsed.sql) : unreadable('(a Parse message that cannot be read)')
    const known: PreparedText = { sql, unsureEncoding, escaped, n: 0 }
    const { refused: why, each = false } = judged()
    const undo = prepared.set(name, { text: known, each, types: parsed?.types ?? [], size: sql.length })
    const begin = () => log.begin(extended(known))
    answers.sent(why ? { kind: 'parse', undo, begin, refused: why } : { kind: 'parse', undo, begin })
  }

  const show = (values: readonly BoundValue[], types: readonly number[]) => showValues(text, values, types)

  const bind = (body: Buffer) => {
    const { portal, statement, values, formsAt } = readBind(body) ?? { portal: '', statement: '', values: [], formsAt: body.length }
    if (!isPlainName(portal) || !isPlainName(statement)) return refuse(refusals.name)
    const of = prepared.get(statement)
    const shown = show(values, of?.types ?? [])
    const { parameters, unsureEncoding, escaped } = shown
    let size = 0
    for (const value of parameters) size += (value?.length ?? 0) + 20
    const known = of?.text ?? unknown(`(prepared statement "${statement}", which was not prepared by the extended protocol)`)
    const bound: Portal = { text: known, parameters, unsureEncoding, escaped, n: 0, size }
    if (keepsRows) bound.gives = { of, forms: readForms(body, formsAt), described: undefined }
    const undo = portals.set(portal, bound)
    const why = judged().refused
    const begin = () => log.begin(extended(known, bound))
    answers.sent(why ? { kind: 'bind', undo, begin, refused: why } : { kind: 'bind', undo, begin })
  }

  const execute = (name: string) => {
    if (!isPlainName(name)) return refuse(refusals.name)
    const portal = portals.get(name)
    const known = portal?.text ?? unknown(`(portal "${name}", which was not bound by the extended protocol)`)
    const { n } = sendStatement('execute', extended(known, portal), portal?.gives)
    if (known.n === 0) known.n = n
    if (portal?.n === 0) portal.n = n
  }

  const describe = (body: Buffer) => {
    const { statement, name } = readNamed(body)
    if (!isPlainName(name)) return refuse(refusals.name)
    const of = statement ? prepared.get(name) : undefined
    const learn = (types: readonly number[]) => {
      if (of) of.types = types
    }
    answers.sent({ kind: 'describe', learn: of && learn, shaped: keepsRows ? shapeOf(statement, name) : undefined })
  }

  /** What the target says of the rows belongs to what the name means now. */
  const shapeOf = (statement: boolean, name: string) => {
    const [of, portal] = statement ? [prepared.get(name), undefined] : [undefined, portals.get(name)]
    return (shape: RowShape) => {
      if (of && !of.described) prepared.grow(name, of, shape.body.length)
      if (of) of.described = shape
      if (portal?.gives) portal.gives.described = shape
    }
  }

  const close = (body: Buffer) => {
    const { statement, name } = readNamed(body)
    if (!isPlainName(name)) return refuse(refusals.name)
    answers.sent({ kind: 'close', undo: (statement ? prepared : portals).delete(name) })
  }

  const call = (body: Buffer) => {
    const read = readFunctionCall(body)
    sendStatement('function', { ...simple(unreadable(`function call ${read?.oid ?? ''}`)), ...show(read?.values ?? [], []) })
  }

  const whole = (length: number): number => {
    if (length <= longestStatement) return length
    refuse(refusals.long)
    return 0
  }

  return {
    begin(type, length) {
      switch (type) {
        case clientSays.query:
        case clientSays.parse:
        case clientSays.bind:
        case clientSays.functionCall:
          return whole(length)
        case clientSays.execute:
        case clientSays.close:
        case clientSays.describe:
          if (length > longestName) refuse(refusals.name)
          return longestName
        case clientSays.sync:
          answers.synced(portals.moment)
          return 0
        case clientSays.copyData:
          log.passed(0, length)
          return 0
        case clientSays.copyDone:
        case clientSays.copyFail:
          answers.copied()
          return 0
        default:
          return 0
      }
    },
    collected(type, body) {
      switch (type) {
        case clientSays.query:
          return void sendStatement('query', simple(text.read(readQuery(body))))
        case clientSays.functionCall:
          return call(body)
        case clientSays.parse:
          return parse(body)
        case clientSays.bind:
          return bind(body)
        case clientSays.execute:
          return execute(readName(body))
        case clientSays.describe:
          return describe(body)
        case clientSays.close:
          return close(body)
      }
    },
  }
}

/** Bound values as people read them. */
export function showValues(text: ClientText, values: readonly BoundValue[], types: readonly number[]) {
  let unsureEncoding = false
  let escaped = false
  const parameters = values.map((value, i) => {
    if (!value) return null
    const shown = showParameter(value.bytes, value.binary, types[i] ?? 0, (bytes) => {
      const read = text.read(bytes)
      unsureEncoding ||= read.unsureEncoding
      return read
    })
    escaped ||= shown.escaped
    return shown.text
  })
  return { parameters, unsureEncoding, escaped }
}

const plain = { unsureEncoding: false, escaped: false }
const unreadable = (sql: string): ClientRead => ({ text: sql, ...plain })
const unknown = (sql: string): PreparedText => ({ sql, ...plain, n: 0 })

const nothing: readonly null[] = []
const simple = ({ text: sql, unsureEncoding, escaped }: ClientRead): Omit<StatementStart, 'n'> => ({
  via: 'simple',
  sql,
  parameters: nothing,
  unsureEncoding,
  escaped,
})

/** What was recorded whole before is not recorded again and again, however often it runs. */
function extended(text: PreparedText, portal?: Portal): Omit<StatementStart, 'n'> {
  const { sql } = text
  const unsureEncoding = text.unsureEncoding || (portal?.unsureEncoding ?? false)
  const escaped = text.escaped || (portal?.escaped ?? false)
  const base = { via: 'extended', sql, parameters: portal?.parameters ?? nothing, unsureEncoding, escaped } as const
  if (portal && portal.n > 0 && portal.size > longText) return { ...base, again: { of: portal.n, text: true, parameters: true } }
  if (text.n > 0 && sql.length > longText) return { ...base, again: { of: text.n, text: true, parameters: false } }
  return base
}
