import { session as api } from '@claviger/api'
import { fail, ok } from '../../../kernel/result.ts'
import { on, onRaw, type RouteHandler, type SignedIn, signedIn } from '../../../platform/http/handler.ts'
import {
  filesAsJsonLines,
  filesAsText,
  type ListKind,
  type RecordingReader,
  statementsAsJsonLines,
  statementsAsText,
} from '../../recording/index.ts'
import { explainSession, type SessionError } from '../errors.ts'
import { streamed } from '../streamed.ts'
import { type ReplayDeps, viewRecording } from '../view-recording.ts'
import { wholeOf } from '../views/open-view.ts'
import { OpenViews } from '../views/open-views.ts'
import { mayList, type OpenList, openedList, shownBy } from './open-list.ts'
import { showFiles } from './show-files.ts'
import { showStatements } from './show-statements.ts'

const refuse = (error: SessionError) => fail(explainSession(error))

/** The statements of SQL sessions and what transfers did to files: by pages, and as a whole. */
export function listRoutes(deps: ReplayDeps): RouteHandler[] {
  const all = { ...deps, lists: new OpenViews<OpenList>() }
  const verified = async (kind: ListKind, { params: { id, view }, who }: { params: { id: string; view: string }; who: SignedIn }) => {
    const open = await openedList(all, { session: id, kind, view }, who)
    return open.ok ? ok(await wholeOf(open.value)) : refuse(open.error)
  }
  return [
    on(api.sessionStatements, async (incoming) => {
      const page = await showStatements(all, { session: incoming.params.id, ...incoming.query }, signedIn(incoming))
      return page.ok ? page : refuse(page.error)
    }),
    on(api.statementsVerified, (incoming) => verified('sql', { params: incoming.params, who: signedIn(incoming) })),
    onRaw(api.exportStatements, (incoming) => exported(deps, 'sql', incoming, { text: statementsAsText, jsonl: statementsAsJsonLines })),
    on(api.sessionFiles, async (incoming) => {
      const page = await showFiles(all, { session: incoming.params.id, ...incoming.query }, signedIn(incoming))
      return page.ok ? page : refuse(page.error)
    }),
    on(api.filesVerified, (incoming) => verified('files', { params: incoming.params, who: signedIn(incoming) })),
    onRaw(api.exportFiles, (incoming) => exported(deps, 'files', incoming, { text: filesAsText, jsonl: filesAsJsonLines })),
  ]
}

type Lines = (reader: RecordingReader) => AsyncGenerator<string>

/** All of it, of a session of this kind. */
async function exported(
  deps: ReplayDeps,
  kind: ListKind,
  incoming: { params: { id: string }; query: { format: 'text' | 'jsonl' }; who: SignedIn | undefined },
  as: { text: Lines; jsonl: Lines },
) {
  const { how, none } = shownBy[kind]
  const opened = await viewRecording(deps, incoming.params.id, signedIn(incoming), how)
  if (!opened.ok) return refuse(opened.error)
  const { reader } = opened.value
  if (!mayList(reader, kind)) {
    await reader.close()
    return refuse(none)
  }
  const { format } = incoming.query
  const type = format === 'text' ? 'text/plain' : 'application/jsonl'
  return ok({ type: `${type}; charset=utf-8`, body: streamed(reader, as[format](reader)) })
}
