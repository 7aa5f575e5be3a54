import { type MysqlToken, mysqlTokens } from '../../../protocols/mysql/index.ts'
import { bounded, type StatementRead } from './statement-read.ts'

const longest = 262_144
const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Words that begin a statement of which we can say what it does. Not among them: what runs a text (`prepare`, `execute`) or holds statements (`begin … end`). */
const heads = set(
  `select insert update delete replace truncate with show describe desc explain set use begin start commit rollback savepoint release create drop alter rename
grant revoke load lock unlock analyze optimize check repair flush kill call do table values checksum help`.replaceAll('\n', ' '),
)
const inside = set('select insert update delete replace truncate')
const functions = set('insert replace truncate')
const notSelect = ({ text }: { text: string }): boolean => text !== 'select'
const objects = set(
  'table tables view user role database schema index procedure function trigger event server tablespace sequence data xml temporary',
)
const ofObjects = set('create drop alter rename load lock')
/** Behind these a table is named, or several. */
const before = set('from join straight_join into update table tables truncate describe desc view references delete')
const onTable = /^(grant|revoke|create index|create trigger|drop index)/
const between = set('low_priority ignore quick delayed high_priority table if not exists only lateral temporary concurrent local')
const after = set(
  `where set values value select group order limit having union except intersect window for partition as add drop modify
 change rename engine read write like procedure to start with fields lines columns from`.replaceAll('\n', ' '),
)

/**
 * The statements of a text of MySQL or MariaDB. Undefined where it is not surely read as the server reads it. Tables stand in lower case. What views, triggers
 * and procedures do that it uses is not in it.
 */
export function readMysql(sql: string): StatementRead | undefined {
  if (sql.length > longest) return undefined
  const [escaping, plain] = [mysqlTokens(sql, true), mysqlTokens(sql, false)]
  if (!escaping || JSON.stringify(escaping) !== JSON.stringify(plain)) return undefined
  const verbs = new Set<string>()
  const tables = new Set<string>()
  for (const statement of statementsOf(escaping)) {
    const head = verbOf(statement)
    if (head === undefined) return undefined
    verbs.add(head)
    statement.forEach((token, at) => {
      if (token.kind !== 'word') return
      const [last, next] = [statement[at - 1], statement[at + 1]]
      // a function's name, or what a lock or a key is for
      const other =
        (functions.has(token.text) && isSign(next, '(')) || (notSelect(token) && isWord(last) && ['for', 'key', 'on'].includes(last.text))
      if (inside.has(token.text) && !other) verbs.add(token.text)
      const names = (before.has(token.text) && !(token.text === 'update' && other)) || (token.text === 'on' && onTable.test(head))
      if (names && !isSign(last, '.')) addTables(statement, at + 1, tables)
    })
  }
  return bounded(verbs, tables)
}

function statementsOf(tokens: readonly MysqlToken[]): MysqlToken[][] {
  const all: MysqlToken[][] = [[]]
  for (const token of tokens) {
    if (isSign(token, ';')) all.push([])
    else all.at(-1)?.push(token)
  }
  return all.filter((statement) => statement.length > 0)
}

function verbOf(statement: readonly MysqlToken[]): string | undefined {
  const [first, second] = statement.filter((token) => !isSign(token, '('))
  if (!isWord(first) || !heads.has(first.text)) return undefined
  if (first.text === 'begin') return second === undefined || (isWord(second) && second.text === 'work') ? 'begin' : undefined
  // MariaDB's `SET STATEMENT … FOR` holds another one
  if (first.text === 'set' && isWord(second) && second.text === 'statement') return undefined
  if (!ofObjects.has(first.text)) return first.text
  const object = statement.slice(1).find((token) => isWord(token) && objects.has(token.text) && token.text !== 'temporary')
  return isWord(object) ? `${first.text} ${object.text.replace(/^tables$/, 'table').replace(/^schema$/, 'database')}` : first.text
}

/** The tables of a list that begins here, joined ones among them. What stands behind a table is passed over, up to the next comma. */
function addTables(statement: readonly MysqlToken[], from: number, tables: Set<string>): void {
  let wanted = true
  let open = 0
  for (let at = from; at < statement.length; at++) {
    const token = statement[at] as MysqlToken
    if (isSign(token, ',')) wanted = true
    else if (isSign(token, ')')) {
      open -= 1
      if (open < 0) return
    } else if (isSign(token, '(')) {
      const next = statement[at + 1]
      if (wanted && !(isWord(next) && ['select', 'with', 'values'].includes(next.text))) open += 1
      else at = endOfGroup(statement, at)
      wanted = wanted && open > 0 && isSign(statement[at], '(')
    } else if (token.kind === 'word' && after.has(token.text)) return
    else if (wanted && token.kind !== 'sign' && token.kind !== 'literal' && !(token.kind === 'word' && between.has(token.text))) {
      const parts = [token.text]
      for (; isSign(statement[at + 1], '.'); at += 2) parts.push(textOf(statement[at + 2]))
      for (const name of [parts.at(-1) ?? '', parts.slice(-2).join('.')]) tables.add(name)
      wanted = false
    }
  }
}

function endOfGroup(statement: readonly MysqlToken[], from: number): number {
  let depth = 0
  for (let at = from; at < statement.length; at++) {
    if (isSign(statement[at], '(')) depth += 1
    if (isSign(statement[at], ')')) depth -= 1
    if (depth === 0) return at
  }
  return statement.length
}

const textOf = (token: MysqlToken | undefined): string => (token && token.kind !== 'literal' ? token.text : '')
const isWord = (token: MysqlToken | undefined): token is { kind: 'word'; text: string } => token?.kind === 'word'
const isSign = (token: MysqlToken | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text
