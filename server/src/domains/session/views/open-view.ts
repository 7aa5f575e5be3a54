import { setTimeout as delay } from 'node:timers/promises'
import type { SessionId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { SessionError } from '../errors.ts'
import { type ReplayDeps, type Unsealed, unseal, type Viewer } from '../view-recording.ts'
import type { Verified, WholeCheck } from './check-whole.ts'
import type { OpenView, OpenViews } from './open-views.ts'
import { saysThatTheyView } from './viewing.ts'

/** What is viewed, and what the ledger calls viewing it. */
export interface Viewed {
  session: string
  how: string
}

/** How a recording is viewed in one way: `read` gives what it is shown by, of bytes whose key the keeper gave. */
export interface Viewing<M extends { whole: WholeCheck }> {
  views: OpenViews<OpenView & M>
  read: (unsealed: Unsealed) => Promise<Result<M, SessionError>>
}

/** So long who asks waits for the whole to be verified. */
const patienceMs = 2_000

/** Opens it for somebody: who looks is in the ledger before the keeper gives the key, once for all that is shown. `viewing`: the entry is there already. */
export async function openView<M extends { whole: WholeCheck }>(
  deps: ReplayDeps,
  { session, how }: Viewed,
  who: Viewer,
  { views, read }: Viewing<M>,
  viewing?: string,
): Promise<Result<OpenView & M, SessionError>> {
  const unsealed = await unseal(deps, session, who, how, viewing)
  if (!unsealed.ok) return unsealed
  const { row, viewers } = unsealed.value
  let view: (OpenView & M) | undefined
  try {
    const more = await read(unsealed.value)
    if (!more.ok) return more
    const { source } = unsealed.value
    const { person } = who
    view = { id: unsealed.value.viewing, person, session: session as SessionId, recording: row.id, source, viewers, ...more.value }
    views.add(view)
    return ok(view)
  } finally {
    if (!view) {
      viewers.wipe()
      await unsealed.value.source.close()
    }
  }
}

/** What this person opened, here or at another server: there is one entry for it, however many servers show it. */
export async function openedView<M extends { whole: WholeCheck }>(
  deps: ReplayDeps,
  id: string,
  of: Viewed,
  who: Viewer,
  viewing: Viewing<M>,
): Promise<Result<OpenView & M, SessionError>> {
  const { person } = who
  return await viewing.views.use(id, { person, session: of.session }, async () => {
    if (!(await saysThatTheyView(deps.db, id, { ...of, person }))) return fail({ code: 'session.view_over' })
    const again = await openView(deps, of, who, viewing, id)
    return !again.ok && again.error.code === 'keeper.no_intent' ? fail({ code: 'session.view_over' }) : again
  })
}

/** How far the whole of it is verified, and what came of that. */
export async function wholeOf({ whole, source }: OpenView): Promise<{ verified: Verified | null; bytes: number; checked: number }> {
  await Promise.race([whole.done, delay(patienceMs)])
  return { verified: whole.verified ?? null, bytes: source.size, checked: whole.checked }
}
