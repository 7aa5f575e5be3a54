import { parentPort } from 'node:worker_threads'
import { maskMysql } from './mask-mysql.ts'
import { blindly, loadParser, type MaskedSql, maskStatement } from './mask-statement.ts'
import { isSecretValue, isSensitive } from './sensitive.ts'

export interface Question {
  id: number
  sql: string
  /** Too long for the parser. */
  blind: boolean
  /** Not PostgreSQL's. */
  dialect?: 'mysql'
  /** Values that are too long to be looked at elsewhere, by their place. */
  values: readonly (readonly [place: number, value: string])[]
}

/** `ready` once, when the parser is loaded. */
export type Answer = 'ready' | { id: number; result: MaskedSql & { secretValues: ReadonlyMap<number, boolean> } }

// A thread of its own: long texts take a while, and what breaks the parser breaks no session.
await loadParser()
const say = (answer: Answer) => parentPort?.postMessage(answer)
parentPort?.on('message', ({ id, sql, blind, values, dialect }: Question) => {
  const result = dialect ? maskMysql(sql) : blind ? maskLong(sql) : maskStatement(sql)
  const secretValues = new Map(values.map(([place, value]) => [place, isSecretValue(value)]))
  say({ id, result: { ...result, secretValues } })
})
say('ready')

/** Without a literal and a word of secrets there is nothing that a parser would have to say. */
function maskLong(sql: string) {
  const result = blindly(sql)
  return { ...result, sensitive: result.masked || isSensitive(sql) }
}
