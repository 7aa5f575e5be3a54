import { setTimeout as delay } from 'node:timers/promises'
import type { AnswerOf, session as api } from '@claviger/api'
import { ok, type Result } from '../../../kernel/result.ts'
import { type ListKind, listPage, type RecordedFrame } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { refuseDestroyed } from '../refuse-destroyed.ts'
import type { Viewer } from '../view-recording.ts'
import { type OpenList, type OpenListDeps, openedList, openList, openListAnew } from './open-list.ts'

export interface Asked {
  session: string
  after: number
  limit: number
  /** The entry of an opening; where none is given, this is one. */
  view?: string | undefined
}

interface Page<T> {
  items: T[]
  total: number
  next: number | null
  view: string
  verified: AnswerOf<typeof api.sessionFiles>['verified']
}

/** So much is verified as a whole before it is shown: it takes no time. */
const small = 1024 * 1024
/** So long, in milliseconds, who asks waits for the verification of that, and of more. */
const patienceMs = { small: 5_000, large: 20 }

interface Shown<L> {
  kind: ListKind
  listed: (frames: AsyncIterable<RecordedFrame>, startedAt: number) => AsyncIterable<L>
}

/** One page of what a recording lists. Of the file those stretches are read in which it stands; all of it is verified meanwhile. */
export async function showList<L extends { n: number }>(
  deps: OpenListDeps,
  asked: Asked,
  who: Viewer,
  shown: Shown<L>,
): Promise<Result<Page<L>, SessionError>> {
  const { session, view } = asked
  const { kind } = shown
  const opened = await (view === undefined ? openList(deps, { session, kind }, who) : openedList(deps, { session, kind, view }, who))
  if (!opened.ok) return opened
  const list = opened.value
  return await deps.lists.reading(list, async () => {
    const there = await refuseDestroyed(deps, list.recording)
    if (!there.ok) {
      deps.lists.drop(list.id)
      return there
    }
    const page = await pageOf(list, asked, shown)
    if (page.ok || view !== undefined) return page
    // whoever begins is shown what stands before the place that was altered
    const anew = await openListAnew(deps, { session, kind }, who, list.id)
    return anew.ok ? await deps.lists.reading(anew.value, () => pageOf(anew.value, asked, shown)) : anew
  })
}

async function pageOf<L extends { n: number }>(
  list: OpenList,
  { after, limit }: Asked,
  { listed }: Shown<L>,
): Promise<Result<Page<L>, SessionError>> {
  const items = await listPage(list, { after, limit }, listed)
  if (!items.ok) return items
  const last = items.value.at(-1)?.n ?? 0
  const { total } = list.outline
  return ok({
    items: items.value,
    total,
    next: items.value.length > 0 && last < total ? last : null,
    view: list.id,
    verified: await verifiedSoon(list),
  })
}

async function verifiedSoon({ whole, source }: OpenList): Promise<Page<never>['verified']> {
  const patience = new AbortController()
  const waited = delay(source.size <= small ? patienceMs.small : patienceMs.large, undefined, { signal: patience.signal }).catch(
    () => undefined,
  )
  await Promise.race([whole.done, waited])
  patience.abort()
  return whole.verified ?? null
}
