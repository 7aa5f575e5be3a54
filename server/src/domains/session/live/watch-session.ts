import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { live as api } from '@claviger/api'
import type { Keeper } from '../../../keeper/client.ts'
import type { PersonId, RecordingId, WatchId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import { newId } from '../../../platform/crypto/random.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { Audit } from '../../audit/index.ts'
import { LiveReader } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { watched, watching } from '../events.ts'
import { answerChallenge, closeWatch, countWatches, insertWatch, takeBlocks, touchWatch, watchable } from './live.store.ts'
import { liveLines } from './live-lines.ts'
import { isChallenge, presenceKey, proofOf } from './presence-proof.ts'
import { screenBehind } from './screen-behind.ts'

type Event = api.LiveEvent
export type Why = Extract<Event, { kind: 'over' }>['why'] | 'viewer_left'

export interface WatchDeps {
  db: Db
  keeper: Keeper
  audit: Audit
  log: (line: string) => void
  /** Calls back when the gateway sent something to this watcher, or may have. */
  onSent(watch: WatchId, callback: () => void): () => void
  /** Aborts when this process stops. */
  stopping: AbortSignal
}

export interface Watcher {
  person: PersonId
  groups: readonly string[]
  presence: string
  /** Whether they are still signed in and still may. */
  still(): Promise<boolean>
}

const mostWatchers = 20
const beatMs = 1_000
const quietMs = 10_000
const stillEveryBeats = 5
/** A gateway speaks every five seconds; after so many its watchers are told that it does not. */
const silentSeconds = 12
/** Who does not take the last lines in this time does not get them. */
const lastMs = 5_000
/** Those who can search the ledger. */
const readsLedger = ['security', 'auditors', 'administrators']

/**
 * A running session as it happens, as lines of JSON. Who watches is in the ledger before the keeper gives the key; the person is told by
 * the gateway, unless it is covert. What the watcher does not take in time is not kept for them.
 */
export async function watchSession(
  deps: WatchDeps,
  session: string,
  who: Watcher,
  covert: string | undefined,
): Promise<Result<Readable, SessionError>> {
  const { db, audit } = deps
  const found = await db.transaction().execute((tx) => watchable(tx, session))
  if (!found) return fail({ code: 'session.unknown', session })
  if (!found.running) return fail({ code: 'session.not_running' })
  if (covert !== undefined && !who.groups.includes('security')) return fail({ code: 'session.covert_takes_officer' })
  if (covert !== undefined && found.groups.some((g) => readsLedger.includes(g))) return fail({ code: 'session.covert_noticed' })
  if ((await db.transaction().execute((tx) => countWatches(tx, session))) >= mostWatchers) return fail({ code: 'session.watched_enough' })

  const kind = covert === undefined ? 'announced' : 'covert'
  const opened = Promise.withResolvers<Result<Readable, SessionError>>()
  const begun = watching({ session, recording: found.recording, kind, reason: covert ?? null })
  const outcome = (why: string) => watched({ session, kind, why })
  audit
    .look({ begun, cutShort: outcome('cut_short'), by: who.person }, async (intent) => {
      const key = await deps.keeper.ask('openRecording', { recording: found.recording, presence: who.presence, intent })
      if (!key.ok) {
        await audit.noteLater(outcome(key.error.code), who.person, { phase: 'outcome', intent })
        return opened.resolve(key)
      }
      const viewers = key.value.payload ?? new Secret(new Uint8Array(32))
      const watch = newId('wat')
      await db.transaction().execute((tx) => insertWatch(tx, { id: watch, session_id: session, by_person: who.person, kind }))
      const shown = show(deps, { session, watch, recording: found.recording, viewers, kind }, who)
      opened.resolve(ok(shown.lines))
      const why = await shown.done
      viewers.wipe()
      await db.transaction().execute((tx) => closeWatch(tx, watch))
      await audit.noteLater(outcome(why), who.person, { phase: 'outcome', intent })
    })
    .catch((error: unknown) => {
      opened.reject(error)
      deps.log(`a watching was not closed in order: ${String(error)}`)
    })
  return await opened.promise
}

const sessionIsOver = (why: Why): boolean => why === 'session_over' || why === 'interrupted'

interface Shown {
  session: string
  watch: WatchId
  recording: RecordingId
  viewers: Secret
  kind: 'announced' | 'covert'
}

function show(
  { db, log, onSent, stopping }: WatchDeps,
  { session, watch, recording, viewers, kind }: Shown,
  who: Watcher,
): { lines: Readable; done: Promise<Why> } {
  const stop = Promise.withResolvers<{ why: Why; endReason: string | null }>()
  let over: { why: Why; endReason: string | null } | undefined
  let wake = () => {}
  let sent = true
  /** Whether the gateway is heard of, and whether the watcher was told otherwise. */
  let [heard, toldHeard] = [true, true]
  const end = (why: Why, endReason: string | null = null) => {
    over ??= { why: why === 'session_over' && endReason === 'interrupted' ? 'interrupted' : why, endReason }
    stop.resolve(over)
    wake()
  }
  const arrived = () => {
    sent = true
    wake()
  }
  const something = (ms: number) => Promise.race([new Promise<void>((resolve) => (wake = resolve)), sleep(ms, undefined, { ref: false })])

  const answer = async (challenge: Buffer) => {
    if (over) return
    const key = await viewers.lend('seal', (bytes) => presenceKey(bytes, recording))
    const proof = proofOf(key, { session, watch, person: who.person, kind }, challenge)
    key.fill(0)
    await db.transaction().execute((tx) => answerChallenge(tx, watch, proof))
  }
  async function* events(): AsyncGenerator<string> {
    const reader = new LiveReader(recording, { viewers })
    let lines: ReturnType<typeof liveLines> | undefined
    let entered = false
    let beaten = Number.NEGATIVE_INFINITY
    const line = (event: Event) => `${JSON.stringify(event)}\n`
    try {
      for (;;) {
        sent = false
        // a session has ended when its gateway has sent all of it; after any other end nothing more is shown
        const blocks = over && !sessionIsOver(over.why) ? [] : await db.transaction().execute((tx) => takeBlocks(tx, watch))
        for (const block of blocks) {
          if (block.length === 0) {
            yield line({ kind: 'now' })
            continue
          }
          if (isChallenge(block)) {
            // the lines before it were taken: whoever does not take them is not there. Before the first one it asks who they are
            if (lines && performance.now() - beaten >= beatMs) {
              beaten = performance.now()
              yield line({ kind: 'beat' })
            }
            await answer(block)
            continue
          }
          const read = await reader.read(block)
          if (read === 'seen') continue
          if (read === 'foreign') return yield line({ kind: 'over', why: 'failed', endReason: null })
          if ('facts' in read) {
            if (lines) continue
            lines = liveLines(read.facts)
            yield line(lines.began)
            continue
          }
          if (!lines) continue
          // what was shown before the first chunk that came: else who watches sees half a screen, of a size that it has no more
          const behind = entered || read.chunk === 0 ? undefined : await screenBehind(db, { recording, viewers }, read.chunk)
          entered = true
          if (behind) for (const event of lines.of(behind.frames(read.frames[0]?.at ?? 0))) yield line(event)
          if (behind && behind.chunk > read.chunk) reader.skipTo(behind.chunk)
          else for (const event of lines.of(read.frames)) yield line(event)
        }
        if (blocks.length > 0 || sent) continue
        if (heard !== toldHeard) {
          toldHeard = heard
          yield line({ kind: 'gateway', heard })
          continue
        }
        if (over) {
          if (over.why !== 'viewer_left') yield line({ kind: 'over', why: over.why, endReason: over.endReason })
          return
        }
        const quiet = performance.now()
        await something(quietMs)
        if (!sent && !over && performance.now() - quiet >= quietMs) yield line({ kind: 'beat' })
      }
    } finally {
      reader.wipe()
      end('failed')
    }
  }

  const source = events()
  const lines = new Readable({
    objectMode: true,
    highWaterMark: 16,
    read() {
      source.next().then(
        ({ done, value }) => void lines.push(done ? null : value),
        (error) => lines.destroy(error),
      )
    },
    // at once, not when what the source waits for has come
    destroy(error, closed) {
      end('viewer_left')
      void source.return(undefined)
      closed(error)
    },
  })
  lines.on('error', () => {})
  const leave = onSent(watch, arrived)
  const onStop = () => end('stopping')
  stopping.addEventListener('abort', onStop)
  if (stopping.aborted) onStop()
  let beats = 0
  const beating = setInterval(() => {
    void (async () => {
      const now = await db.transaction().execute((tx) => touchWatch(tx, watch))
      if (now?.watch === 'too_slow') return end('too_slow')
      if (now && now.silent > silentSeconds === heard) {
        heard = !heard
        arrived()
      }
      if (now && now.session !== 'opening' && now.session !== 'running') return end('session_over', now.endReason)
      beats += 1
      if (beats % stillEveryBeats === 0 && !(await who.still())) end('signed_out')
    })().catch((error: unknown) => log(`a watching could not be looked at: ${String(error)}`))
  }, beatMs)
  const done = stop.promise.then(async ({ why }) => {
    clearInterval(beating)
    leave()
    stopping.removeEventListener('abort', onStop)
    // who does not read does not hold us
    if (!lines.closed) {
      const timer = setTimeout(() => lines.destroy(), sessionIsOver(why) ? lastMs : 500)
      await new Promise((resolve) => lines.once('close', resolve))
      clearTimeout(timer)
    }
    return why
  })
  return { lines, done }
}
