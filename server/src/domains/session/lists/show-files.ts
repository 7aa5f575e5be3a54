import type { AnswerOf, session as api } from '@claviger/api'
import { ok, type Result } from '../../../kernel/result.ts'
import { filesIn } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import type { Viewer } from '../view-recording.ts'
import type { OpenListDeps } from './open-list.ts'
import { type Asked, showList } from './show-list.ts'

type Answer = AnswerOf<typeof api.sessionFiles>

/** One page of what was done to files. */
export async function showFiles(deps: OpenListDeps, asked: Asked, who: Viewer): Promise<Result<Answer, SessionError>> {
  const page = await showList(deps, asked, who, { kind: 'files', listed: filesIn })
  if (!page.ok) return page
  const { items, ...rest } = page.value
  return ok({ files: items.map((file) => ({ ...file, at: file.at.toISOString() })), ...rest })
}
