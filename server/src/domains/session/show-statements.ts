import type { AnswerOf, session as api } from '@claviger/api'
import { type RecordedStatement, type RecordingReader, statementList } from '../recording/index.ts'
import { showVerdict } from './show-verdict.ts'

type Answer = AnswerOf<typeof api.sessionStatements>

/** Bytes of one statement in a page; an export has all of it. */
const shownOfEach = 32 * 1024

/** One page of statements. All of the file is read each time: what verification says is about all of it. */
export async function showStatements(reader: RecordingReader, page: { after: number; limit: number }): Promise<Answer> {
  try {
    const statements: Answer['statements'] = []
    let total = 0
    for await (const statement of statementList(reader, shownOfEach)) {
      total += 1
      if (statement.n > page.after && statements.length < page.limit) statements.push(shown(statement))
    }
    const last = statements.at(-1)?.n
    const next = last !== undefined && statements.length === page.limit && last < total ? last : null
    return { statements, total, next, verified: showVerdict(reader) }
  } finally {
    await reader.close()
  }
}

const shown = (s: RecordedStatement): Answer['statements'][number] => ({ ...s, at: s.at.toISOString(), parameters: [...s.parameters] })
