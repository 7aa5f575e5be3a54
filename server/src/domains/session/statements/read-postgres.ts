import { parseSync } from 'libpg-query'
import { bounded, type StatementRead } from './statement-read.ts'

type Node = Readonly<Record<string, unknown>>

/** Longer ones are not looked at: PostgreSQL's parser runs in our own process. */
const longest = 262_144
const deepest = 200

/**
 * The statements of a text as PostgreSQL's own parser reads it. Undefined where it cannot be read, or holds another language (`DO`). What functions, views and
 * rules do that it uses is not in it. Needs the parser to be loaded.
 */
export function readPostgres(sql: string): StatementRead | undefined {
  if (sql.length > longest) return undefined
  if (sql.trim() === '') return { verbs: [], tables: [] }
  const verbs = new Set<string>()
  const tables = new Set<string>()
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null) return
    if (depth > deepest) throw new Error('too deep')
    if (Array.isArray(node)) {
      for (const one of node) visit(one, depth + 1)
      return
    }
    const { relname, schemaname } = node as Node
    if (typeof relname === 'string') {
      tables.add(relname)
      if (typeof schemaname === 'string') tables.add(`${schemaname}.${relname}`)
    }
    for (const [kind, inside] of Object.entries(node)) {
      if (kind.endsWith('Stmt')) {
        for (const verb of verbsOf(kind, inside as Node)) verbs.add(verb)
        if (kind === 'DropStmt') for (const name of namesOf(inside as Node)) tables.add(name)
      }
      visit(inside, depth + 1)
    }
  }
  try {
    visit(parseSync(sql).stmts ?? [], 0)
  } catch {
    return undefined
  }
  return verbs.has('do') ? undefined : bounded(verbs, tables)
}

const words = (name: string): string =>
  name
    .replace(/Stmt$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
const objectOf = (type: unknown): string =>
  typeof type === 'string'
    ? ` ${type
        .replace(/^OBJECT_/, '')
        .replaceAll('_', ' ')
        .toLowerCase()}`
    : ''

function verbsOf(kind: string, inside: Node): string[] {
  switch (kind) {
    case 'SelectStmt':
      return inside.intoClause ? ['select', 'create table'] : ['select']
    case 'CopyStmt':
      return [inside.is_from ? 'copy from' : 'copy to', ...(inside.is_program ? ['copy program'] : [])]
    case 'DropStmt':
      return [`drop${objectOf(inside.removeType)}`]
    case 'RenameStmt':
      return [`alter${objectOf(inside.renameType)}`]
    case 'AlterTableStmt':
      return [`alter${objectOf(inside.objtype)}`]
    case 'CreateStmt':
    case 'CreateTableAsStmt':
      return ['create table']
    case 'ViewStmt':
      return ['create view']
    case 'IndexStmt':
      return ['create index']
    case 'RuleStmt':
      return ['create rule']
    case 'CreatedbStmt':
      return ['create database']
    case 'DropdbStmt':
      return ['drop database']
    case 'CreateTrigStmt':
      return ['create trigger']
    case 'GrantStmt':
    case 'GrantRoleStmt':
      return [inside.is_grant ? 'grant' : 'revoke']
    case 'VariableSetStmt':
      return ['set']
    case 'VariableShowStmt':
      return ['show']
    default:
      return [words(kind)]
  }
}

/** `DROP` names what it takes away in lists of words. */
function namesOf({ objects }: Node): string[] {
  if (!Array.isArray(objects)) return []
  return objects.flatMap((object: { List?: { items?: { String?: { sval?: string } }[] } }) => {
    const parts = (object.List?.items ?? []).map((item) => item.String?.sval ?? '')
    const last = parts.at(-1)
    return last === undefined ? [] : [last, ...(parts.length > 1 ? [parts.slice(-2).join('.')] : [])]
  })
}
