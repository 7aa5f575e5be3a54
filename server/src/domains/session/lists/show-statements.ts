import type { AnswerOf, session as api } from '@claviger/api'
import { ok, type Result } from '../../../kernel/result.ts'
import { type RecordedFrame, type RecordedStatement, statementsIn } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import type { Viewer } from '../view-recording.ts'
import type { OpenListDeps } from './open-list.ts'
import { type Asked, showList } from './show-list.ts'

type Answer = AnswerOf<typeof api.sessionStatements>

/** Bytes of one statement in a page; an export has all of it. */
const shownOfEach = 32 * 1024
/** Of its rows. */
const shownRows = 8 * 1024

const listed = (frames: AsyncIterable<RecordedFrame>, startedAt: number) => statementsIn(frames, startedAt, shownOfEach, shownRows)

/** One page of statements. */
export async function showStatements(deps: OpenListDeps, asked: Asked, who: Viewer): Promise<Result<Answer, SessionError>> {
  const page = await showList(deps, asked, who, { kind: 'sql', listed })
  if (!page.ok) return page
  const { items, ...rest } = page.value
  return ok({ statements: items.map(shown), ...rest })
}

const shown = ({ results, ...s }: RecordedStatement): Answer['statements'][number] => ({
  ...{ ...s, at: s.at.toISOString(), parameters: [...s.parameters] },
  ...(results && {
    results: {
      kept: results.kept,
      sets: results.sets.map(({ columns, rows }) => ({ columns: [...columns], rows: rows.map((row) => [...row]) })),
    },
  }),
})
