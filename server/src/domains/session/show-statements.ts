import type { AnswerOf, session as api } from '@claviger/api'
import { type RecordedStatement, type RecordingReader, statementList } from '../recording/index.ts'
import { showPage } from './show-page.ts'

type Answer = AnswerOf<typeof api.sessionStatements>

/** Bytes of one statement in a page; an export has all of it. */
const shownOfEach = 32 * 1024

/** One page of statements. */
export async function showStatements(reader: RecordingReader, page: { after: number; limit: number }): Promise<Answer> {
  const { items: statements, ...rest } = await showPage(reader, statementList(reader, shownOfEach), page, shown)
  return { statements, ...rest }
}

const shown = (s: RecordedStatement): Answer['statements'][number] => ({ ...s, at: s.at.toISOString(), parameters: [...s.parameters] })
