import type { Keeper } from '../../../keeper/client.ts'
import { Secret } from '../../../kernel/secret.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { Audit } from '../../audit/index.ts'
import {
  collectWords,
  outlineEnds,
  putWords,
  type RecordingPlaces,
  type RecordingReader,
  readRecording,
  type StoredRecording,
} from '../../recording/index.ts'
import { indexing } from '../events.ts'
import { madeListOutline } from '../lists/list-outline-of.ts'
import { keptOutline, madeOutline } from '../replay/outline-of.ts'
import { kindOf } from '../session.view.ts'
import { sessionOf } from './search.view.ts'

export interface IndexDeps extends RecordingPlaces {
  db: Db
  audit: Audit
  keeper: Keeper
  log: (line: string) => void
}

const wordsAtOnce = 2_000

/**
 * Reads an ended recording and puts the hashes of its words where they are found. What happens is in the ledger before the keeper gives the key.
 * Answers what it came to: `failed` where another try would come to the same. The bytes are the caller's, who closes them.
 */
export async function indexRecording(
  deps: IndexDeps,
  recording: string,
  n: number,
  stored: StoredRecording,
): Promise<'found' | 'forgotten' | 'failed' | 'later'> {
  const { db, audit, keeper } = deps
  const session = await sessionOf(db, recording)
  if (session === undefined) return 'failed'
  const intent = await audit.note(indexing({ session, recording }), null)
  const key = await keeper.ask('openRecordingForWords', { recording, intent })
  if (!key.ok) return final.includes(key.error.code) ? 'failed' : 'later'
  const viewers = key.value.payload ?? new Secret(new Uint8Array(32))
  try {
    const reader = await readRecording(stored, { viewers })
    if (!reader.ok) return 'failed'
    const came = await keep(deps, recording, n, reader.value)
    if (came === 'found') await outline(deps, { session, recording, viewers }, stored)
    return came
  } finally {
    viewers.wipe()
  }
}

/** What its replay or its pages go by, made now that nobody waits for it. Without one, the first who opens the recording waits. */
async function outline(deps: IndexDeps, of: { session: string; recording: string; viewers: Secret }, stored: StoredRecording) {
  const rawLines = (await kindOf(deps.db, of.session)) === 'exec'
  const reader = await readRecording(stored, { viewers: of.viewers })
  if (!reader.ok) return
  const { kind } = reader.value.facts
  if (kind === 'terminal') {
    // most of it was made while it ran, and somebody may be shown by that
    const ends = await outlineEnds(deps.db, of.recording)
    const kept = await keptOutline(deps, of, { manifest: undefined, ends, source: stored })
    if (kept?.outline.bytes !== stored.size) await madeOutline(deps, of, reader.value, rawLines)
  } else if (kind === 'sql' || kind === 'files') await madeListOutline(deps, of.viewers, reader.value, kind)
}

/** What the keeper says of a recording whose key is gone, or was given often enough. */
const final = ['vault.no_credential', 'vault.does_not_open', 'vault.destroyed', 'recording.read_often']

async function keep({ db, keeper }: IndexDeps, recording: string, n: number, reader: RecordingReader) {
  const { words, cut } = await collectWords(reader)
  const began = new Date(reader.startedAt / 1000)
  const month = began.toISOString().slice(0, 7)
  const tokens: bigint[] = []
  const all = [...words]
  for (let from = 0; from < all.length; from += wordsAtOnce) {
    const hashed = await keeper.ask('hashWords', { recording, month, words: all.slice(from, from + wordsAtOnce) })
    if (!hashed.ok) return 'later'
    await hashed.value.payload?.use('recognise', (bytes) => void tokens.push(...tokensIn(bytes)))
  }
  const at = Math.floor(began.getTime() / 1000)
  const put = await db.transaction().execute((tx) => putWords(tx, { recording, n, at, tokens, cut }))
  return put ? 'found' : 'forgotten'
}

export function tokensIn(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.byteLength / 8 }, (_, i) => view.getBigInt64(i * 8))
}
