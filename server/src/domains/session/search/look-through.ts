import type { AnswerOf, sessionSearch as api, session as sessionApi } from '@claviger/api'
import { Secret } from '../../../kernel/secret.ts'
import type { SignedIn } from '../../../platform/http/handler.ts'
import { findInRecording, openStored, readRecording, type StoredRecording, type Term } from '../../recording/index.ts'
import { viewed } from '../events.ts'
import type { ViewDeps } from '../view-recording.ts'
import type { Candidate } from './search.view.ts'

type Found = AnswerOf<typeof api.searchSessions>['sessions'][number]
export type Looked = Omit<Found, 'session'>
export type ShownSession = AnswerOf<typeof sessionApi.getSession>

/** Lines of one recording that are shown. */
const mostHits = 3
/** Reading one recording, in milliseconds. */
const longestRead = 2_500

/**
 * Reads the recordings of candidates for what is looked for: only what stands in them is an answer. That somebody has them read is in the ledger
 * before the keeper gives their keys. Answers by recording; undefined where the words do not stand in it.
 */
export async function lookThrough(
  deps: ViewDeps,
  who: SignedIn,
  candidates: readonly (Candidate & { recording: string })[],
  terms: readonly Term[],
  until: number,
): Promise<Map<string, Looked | undefined>> {
  const looked = new Map<string, Looked | undefined>()
  const here: { session: string; recording: string; stored: StoredRecording }[] = []
  for (const { session, recording } of candidates) {
    const stored = await openStored(deps, recording)
    if (stored.ok && stored.value) here.push({ session, recording, stored: stored.value })
    else looked.set(recording, { hits: [], looked: stored.ok ? 'elsewhere' : 'unreadable' })
  }
  try {
    const events = here.map(({ session, recording }) => ({ event: viewed({ session, recording, how: 'search' }), by: who.person }))
    const intents = events.length > 0 ? await deps.audit.noteMany(events) : []
    await Promise.all(
      here.map(async ({ recording, stored }, i) => {
        const key = await deps.keeper.ask('openRecording', { recording, presence: who.presence, intent: intents[i] as string })
        looked.set(recording, key.ok ? await look(stored, key.value.payload, terms, until) : unreadable)
      }),
    )
  } finally {
    await Promise.all(here.map(({ stored }) => stored.close()))
  }
  return looked
}

const unreadable: Looked = { hits: [], looked: 'unreadable' }

async function look(
  stored: StoredRecording,
  viewers: Secret = new Secret(new Uint8Array(32)),
  terms: readonly Term[],
  until: number,
): Promise<Looked | undefined> {
  try {
    const reader = await readRecording(stored, { viewers })
    if (!reader.ok) return unreadable
    const found = await findInRecording(reader.value, terms, { hits: mostHits, until: Math.min(until, performance.now() + longestRead) })
    if (!found.all && !found.part) return undefined
    return { hits: found.hits, looked: found.all ? 'whole' : 'part' }
  } finally {
    viewers.wipe()
  }
}
