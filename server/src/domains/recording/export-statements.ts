import { howItEnded } from './export-asciicast.ts'
import { asJsonLines } from './export-lines.ts'
import { type RecordedStatement, statementList } from './recorded-statements.ts'
import type { RecordingReader } from './recording-reader.ts'

export const statementsAsJsonLines = (reader: RecordingReader): AsyncGenerator<string> => asJsonLines(reader, statementList(reader))

/** For reading: a line for each statement, its parameters and what it came to below it. */
export async function* statementsAsText(reader: RecordingReader): AsyncGenerator<string> {
  for await (const s of statementList(reader)) {
    yield `${s.at.toISOString()}  #${s.n}  ${printable(s.sql)}${s.truncated || s.sameTextAs !== null ? ' …' : ''}\n`
    for (const remark of remarks(s)) yield `    (${remark})\n`
    if (s.parameters.length > 0)
      yield `    with ${s.parameters.map((p, i) => `$${i + 1} = ${p === null ? 'null' : `'${printable(p)}'`}`).join(', ')}\n`
    yield `    ${inWords(s)}\n`
    if (s.results) yield* rowsOf(s.results)
  }
  const ending = howItEnded(reader)
  if (ending) yield `${ending}\n`
}

function* rowsOf({ sets, kept }: NonNullable<RecordedStatement['results']>): Generator<string> {
  yield `    the first ${kept} rows that it gave back:\n`
  for (const { columns, rows } of sets) {
    if (columns.length > 0) yield `      ${columns.map(({ name }) => printable(name)).join(' | ')}\n`
    for (const row of rows) yield `      ${row.map((value) => (value === null ? 'null' : `'${printable(value)}'`)).join(' | ')}\n`
  }
}

function* remarks(s: RecordedStatement): Generator<string> {
  if (s.truncated) yield 'not all of it was recorded'
  if (s.sameTextAs !== null) yield `the text is that of #${s.sameTextAs}`
  if (s.sameParametersAs !== null) yield `the parameters are those of #${s.sameParametersAs}`
  if (s.escaped) yield 'bytes that are no text in the encoding of the session stand as \\xHH'
  if (s.unsureEncoding) yield 'sent ahead of an answer that may have changed the encoding'
}

function inWords({ outcome, durationMs, rows, bytes, tag, sqlState, message }: RecordedStatement): string {
  if (outcome === 'open') return 'no end was recorded'
  const took = `${(durationMs ?? 0).toFixed(1)} ms`
  if (outcome !== 'ok') return [outcome, took, sqlState, message && printable(message)].filter(Boolean).join(', ')
  return [tag ?? 'done', took, rows !== null && `${rows} rows`, `${bytes ?? 0} bytes`].filter(Boolean).join(', ')
}

/** On one line, without what a terminal would take for a command. */
const printable = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '�').trim()
