import type { AnswerOf, replay as api } from '@claviger/api'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { type Outline, type RecordedFrame, readStretch, utf8Decoder } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { refuseDestroyed } from '../refuse-destroyed.ts'
import type { Viewer } from '../view-recording.ts'
import { type OpenReplayDeps, openedReplay } from './open-replay.ts'
import { outlineWasAltered } from './outline-of.ts'

type Answer = AnswerOf<typeof api.replayPart>

/** One part of a recording that this person has open, checked against the file: of one that was altered nothing is given. */
export async function replayPart(
  deps: OpenReplayDeps,
  { session, replay, n }: { session: string; replay: string; n: number },
  who: Viewer,
): Promise<Result<Answer, SessionError>> {
  const opened = await openedReplay(deps, { session, replay }, who)
  if (!opened.ok) return opened
  const open = opened.value
  return await deps.replays.reading(open, async () => {
    const stretch = open.outline.stretches[n]
    if (!stretch) return fail({ code: 'session.view_over' })
    const there = await refuseDestroyed(deps, open.recording)
    if (!there.ok) {
      deps.replays.drop(replay)
      return there
    }
    const screen = await open.screen(n)
    if (screen === 'made_anew') {
      deps.replays.drop(replay)
      return fail({ code: 'session.view_over' })
    }
    if (!screen) {
      await outlineWasAltered(deps, open)
      deps.replays.drop(replay)
      return fail({ code: 'session.outline_altered' })
    }
    const frames = await readStretch(open.source, open.viewers, open.outline, n)
    if (!frames.ok) return frames
    return ok({ n, screen: { seconds: stretch.seconds, ...screen }, events: eventsOf(open.outline, n, frames.value) })
  })
}

function eventsOf({ stretches, segments, rawLines }: Outline, n: number, frames: readonly RecordedFrame[]): Answer['events'] {
  const decode = utf8Decoder()
  // the first bytes of a character that the part before ended in
  decode(Buffer.from(stretches[n]?.bytes ?? '', 'hex'))
  const started = segments[0]?.started ?? 0
  const events: Answer['events'] = []
  let last = stretches[n]?.seconds ?? 0
  for (const frame of frames) {
    if (frame.kind !== 'output' && frame.kind !== 'resize') continue
    // the wall clock between two segments may have gone back
    last = Math.max(last, (frame.at - started) / 1_000_000)
    if (frame.kind === 'resize') events.push([last, 'r', `${frame.columns}x${frame.rows}`])
    else {
      const text = decode(frame.bytes)
      if (text) events.push([last, 'o', rawLines ? text.replace(/(?<!\r)\n/g, '\r\n') : text])
    }
  }
  return events
}
