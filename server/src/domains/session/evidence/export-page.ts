import type { Readable } from 'node:stream'
import { readEntry } from '../../../keeper/ledger/entry.ts'
import { canonical, type Plain } from '../../../kernel/canonical.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { sha256 } from '../../../platform/crypto/hash.ts'
import type { SignedIn } from '../../../platform/http/handler.ts'
import { entriesAbout, proveEntries } from '../../audit/index.ts'
import { type ReadingKey, readingKeys, type StoredRecording } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { exportedAsPage } from '../events.ts'
import { showSessions } from '../session.view.ts'
import { streamed } from '../streamed.ts'
import { findRecording, type ReplayDeps } from '../view-recording.ts'
import { readPageParts } from './page-parts.ts'
import { writePage } from './write-page.ts'

export interface PageDeps extends ReplayDeps {
  /** The folder of the built console. */
  console: string
  now: () => Date
}

/** Bytes of a recording that a browser opens as one page. A larger one is saved sealed, and verified with the command line. */
export const largestPage = 64 * 1024 * 1024

/**
 * A recording as one page for somebody without an account: with a player, the sealed bytes, the keys to read them, and what in the ledger vouches for them.
 * That it was exported, and what the page says of the session, is in the ledger before the keeper gives the key.
 */
export async function exportPage(
  deps: PageDeps,
  session: string,
  who: SignedIn,
): Promise<Result<{ name: string; body: Readable }, SessionError>> {
  const parts = await readPageParts(deps.console)
  if (!parts) return fail({ code: 'session.no_page' })
  const found = await findRecording(deps, session)
  if (!found.ok) return found
  const { row, source } = found.value
  let body: Readable | undefined
  try {
    if (source.size > largestPage) return fail({ code: 'session.too_large_for_page', bytes: source.size, most: largestPage, session })
    const evidence = await gather(deps, { session, recording: row.id }, source, who)
    if (!evidence.ok) return evidence
    body = streamed(source, writePage(parts, evidence.value, source))
    return ok({ name: `${session}-evidence.html`, body })
  } finally {
    if (!body) await source.close()
  }
}

async function gather(
  deps: PageDeps,
  { session, recording }: { session: string; recording: string },
  source: StoredRecording,
  who: SignedIn,
) {
  const facts = await factsOf(deps, session, who)
  if (!facts) return fail({ code: 'session.unknown' as const, session })
  const digest = sha256(Buffer.from(facts)).toString('hex')
  const intent = await deps.audit.note(exportedAsPage({ session, recording, how: 'html', facts: digest }), who.person)
  const opened = await deps.keeper.ask('openRecording', { recording, presence: who.presence, intent })
  if (!opened.ok) return opened
  const viewers = opened.value.payload
  let segments: ReadingKey[]
  try {
    segments = viewers ? await readingKeys(source, viewers) : []
  } finally {
    viewers?.wipe()
  }
  const proven = await proveEntries(deps, [...(await vouching(deps, recording)), intent])
  if (!proven) return fail({ code: 'session.not_as_signed' as const })
  const status = await deps.keeper.ask('status', {})
  if (!status.ok) return status
  const { verifierKey } = status.value
  const about = { recording: { id: recording, bytes: source.size }, segments }
  return ok({ title: `Evidence ${session}`, format: 'claviger-evidence', version: 1, facts, verifierKey, ...proven, ...about })
}

/** What the page says of the session and of who exported it, as the text whose hash is in the ledger. */
async function factsOf({ db, now }: PageDeps, session: string, who: SignedIn): Promise<string | undefined> {
  const [shown] = await showSessions(db, who, { id: session, limit: 1 })
  if (!shown) return undefined
  const { id, person, account, target, door, way, kind, database, grant, request, state, openedAt, endedAt, endReason, exitStatus } = shown
  const about = { id, person, account, target, door, way, kind, database, grant, request, state, openedAt, endedAt, endReason, exitStatus }
  return canonical({ exported: { at: now().toISOString(), by: { id: who.person, name: who.name } }, session: about } as unknown as Plain)
}

/** The entries that say how the recording began and what it came to; of one that was interrupted, how far it was seen last. */
async function vouching({ db, index }: PageDeps, recording: string): Promise<string[]> {
  await index.catchUp()
  const acts = ['session.opening', 'session.ended', 'session.interrupted', 'recording.head']
  const entries = (await entriesAbout(db, { id: recording, acts, limit: 10_000 })).flatMap(({ id, bytes }) => {
    const entry = readEntry(bytes)
    return entry?.fields.recording === recording ? [{ id, act: entry.act }] : []
  })
  const ended = entries.findLast(({ act }) => act === 'session.ended')
  const last = ended ? [ended] : ['recording.head', 'session.interrupted'].map((act) => entries.findLast((entry) => entry.act === act))
  const opening = entries.find(({ act }) => act === 'session.opening')
  return [opening, ...last].flatMap((entry) => (entry ? [entry.id] : []))
}
