import type { StatementEnd } from '../../../gateways/contract.ts'
import type { Look, RuleName } from './rule.ts'
import { type SqlToken, sqlStatements } from './split-sql.ts'

/** What is seen in texts that differ in their numbers alone, and a client sends again and again. */
const known = new Map<string, ReadonlySet<RuleName>>()
const mostKnown = 500
const longestKnown = 2048

/** What the text of a statement, or of several, is seen to do: read as both ways of escaping would have it. */
export const rulesOfStatement: Look<string> = (sql) => {
  if (sql.length > longestKnown) return lookAtText(sql)
  // a number may be the name of a dollar quote: there it counts
  const shape = sql.includes('$') ? sql : sql.replaceAll(/\d+/g, '0')
  const before = known.get(shape)
  if (before) return before
  const seen = lookAtText(sql)
  if (known.size >= mostKnown) known.clear()
  known.set(shape, seen)
  return seen
}

const lookAtText: Look<string> = (sql) => {
  const seen = new Set<RuleName>()
  for (const backslash of sql.includes('\\') ? [false, true] : [false])
    for (const tokens of sqlStatements(sql, backslash)) lookAtStatement(tokens, seen)
  return seen
}

/** More rows than a person reads. */
const manyRows = 10_000

/** What an answer says: so many rows came, or were changed. */
export const rulesOfAnswer: Look<Pick<StatementEnd, 'rows' | 'outcome'>> = ({ rows, outcome }) =>
  outcome !== 'failed' && rows !== null && rows >= manyRows ? many : none
const many: ReadonlySet<RuleName> = new Set(['many_rows'] as const)
const none: ReadonlySet<RuleName> = new Set()

/** What the name that a client gives itself says. It may say anything: who hides it is seen by the statements. */
export const rulesOfApplication: Look<string> = (application) =>
  new Set<RuleName>(/^(pg_dump|pg_dumpall|pg_basebackup|mysqldump|mariadb-dump|mydumper)\b/.test(application) ? ['dump'] : [])

function lookAtStatement(all: readonly SqlToken[], seen: Set<RuleName>): void {
  const explained = all[0] === 'EXPLAIN'
  if (explained && !all.includes('ANALYZE') && !all.includes('ANALYSE')) return
  const tokens = explained ? all.slice(all.findIndex((t, i) => i > 0 && verbs.has(t))) : all
  const [first = '', second = ''] = tokens
  const has = (...words: string[]): boolean => words.some((w) => tokens.includes(w))
  const add = (rule: RuleName, when: boolean): void => void (when && seen.add(rule))

  add('drop', first === 'DROP' && second !== 'PREPARE')
  add('drop', first === 'ALTER' && second === 'TABLE' && has('DROP') && (has('COLUMN') || has('PARTITION')))
  add('truncate', first === 'TRUNCATE')
  if (!definitions.has(first)) {
    add('delete_all', allRows(tokens, 'DELETE'))
    add('update_all', allRows(tokens, 'UPDATE'))
  }
  add('copy_out', first === 'COPY' && outside(tokens).includes('TO'))
  add('copy_out', has('OUTFILE', 'DUMPFILE'))
  add('privilege_escalation', first === 'COPY' && has('PROGRAM'))
  add(
    'secrets_taken',
    has('PG_AUTHID', 'PG_SHADOW', 'PG_READ_FILE', 'PG_READ_BINARY_FILE', 'LO_IMPORT', 'LOAD_FILE', 'AUTHENTICATION_STRING'),
  )
  add('audit_stopped', (first === 'SET' || first === 'ALTER') && tokens.some((t) => auditSettings.test(t)))
  add('audit_stopped', /^(DROP|UNINSTALL)$/.test(first) && tokens.some((t) => /^(PGAUDIT|SERVER_AUDIT|AUDIT_LOG)$/.test(t)))
  add(
    'privilege_escalation',
    /^(CREATE|ALTER)$/.test(first) && /^(ROLE|USER|GROUP)$/.test(second) && has('SUPERUSER', 'CREATEROLE', 'BYPASSRLS', 'REPLICATION'),
  )
  add('privilege_escalation', first === 'GRANT' && (tokens.some((t) => powerful.test(t)) || everything(tokens) || optionToGrant(tokens)))
  add('privilege_escalation', first === 'SET' && has('SESSION') && has('AUTHORIZATION') && !has('DEFAULT'))
  add('privilege_escalation', first === 'CREATE' && has('SECURITY') && has('DEFINER'))
  add('opaque', /^(DO|CALL|EXECUTE|HANDLER)$/.test(first) || (first === 'PREPARE' && second !== 'TRANSACTION'))
}

const verbs = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'WITH', 'EXECUTE', 'CREATE', 'REPLACE', 'TRUNCATE'])
/** In these the words stand for what will be done, or may be. */
const definitions = new Set(['GRANT', 'REVOKE', 'CREATE', 'ALTER', 'COMMENT', 'DROP'])
const auditSettings =
  /^(LOG_STATEMENT|LOG_DESTINATION|LOGGING_COLLECTOR|LOG_MIN_DURATION_STATEMENT|PGAUDIT|GENERAL_LOG|SQL_LOG_BIN|SQL_LOG_OFF|SERVER_AUDIT_LOGGING|AUDIT_LOG_\w+)$/
const powerful =
  /^(PG_EXECUTE_SERVER_PROGRAM|PG_READ_SERVER_FILES|PG_WRITE_SERVER_FILES|PG_READ_ALL_DATA|PG_WRITE_ALL_DATA|RDS_SUPERUSER|SUPER|FILE)$/

/** `GRANT ALL ON *.*`: everything there is. */
const everything = (tokens: readonly SqlToken[]): boolean => tokens[1] === 'ALL' && tokens.join(' ').includes('ON * . *')
const optionToGrant = (tokens: readonly SqlToken[]): boolean => /WITH (GRANT|ADMIN) OPTION/.test(tokens.join(' '))

/** Is there one of this verb with no WHERE of its own, at whatever depth? */
function allRows(tokens: readonly SqlToken[], verb: 'DELETE' | 'UPDATE'): boolean {
  return tokens.some((token, i) => {
    if (token !== verb || /^(FOR|ON|DO|KEY|THEN|\.)$/.test(tokens[i - 1] ?? '')) return false
    // in a SELECT it may be the name of something
    if (verb === 'DELETE' ? tokens[i + 1] !== 'FROM' && i > 0 : !tokens.slice(i).includes('SET')) return false
    let depth = 0
    for (const next of tokens.slice(i + 1)) {
      if (next === '(') depth += 1
      if (next === ')') depth -= 1
      if (depth < 0) break
      if (depth === 0 && next === 'WHERE') return false
    }
    return true
  })
}

/** The tokens that stand in no parentheses. */
function outside(tokens: readonly SqlToken[]): SqlToken[] {
  let depth = 0
  return tokens.filter((token) => {
    if (token === '(') depth += 1
    const here = depth === 0
    if (token === ')') depth -= 1
    return here
  })
}
