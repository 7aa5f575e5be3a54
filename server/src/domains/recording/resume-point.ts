import { fail, ok, type Result } from '../../kernel/result.ts'
import { type Counts, noCounts } from '../../protocols/recording/index.ts'
import type { RecordingError } from './errors.ts'
import { openRecording } from './recording-reader.ts'
import type { RecordingKeys } from './segment-keys.ts'
import type { ChainPoint } from './segment-writer.ts'

/** Where an interrupted recording goes on, and what happened in it before. */
export interface ResumePoint extends ChainPoint {
  /** Length of the file up to the last whole block; what follows is a torn tail. */
  bytes: number
  torn: number
  counts: Counts
  /** ISO text. */
  started: string
  /** Milliseconds, as far as frames tell. */
  recorded: number
}

/** Reads what is there. Refuses what was ended in order, and what was altered: nothing may be built on it. */
export async function findResumePoint(path: string, keys: RecordingKeys): Promise<Result<ResumePoint, RecordingError>> {
  const reader = await openRecording(path, { viewers: keys.viewers })
  if (!reader.ok) return reader
  try {
    const counts = noCounts()
    const first = reader.value.startedAt
    let last = first
    for await (const frame of reader.value.frames()) {
      last = Math.max(last, frame.at)
      if (frame.kind === 'output') counts.output += frame.bytes.length
      if (frame.kind === 'input') counts.proven += frame.bytes.length
      if (frame.kind === 'hidden') counts.unproven += frame.count
      if (frame.kind === 'resize') counts.resizes++
      if (frame.kind === 'command') counts.commands++
      if (frame.kind === 'event') counts.events++
      if (frame.kind === 'file' && frame.outcome === 'open') counts.files = (counts.files ?? 0) + 1
      if (frame.kind === 'statement') counts.statements = (counts.statements ?? 0) + 1
    }
    const verdict = reader.value.verdict
    if (verdict?.finding) return fail(verdict.finding)
    if (!verdict || verdict.state === 'intact') return fail({ code: 'recording.already_ended' })
    const { segments, chunks, bytes, head, tail } = verdict
    const previous = Buffer.from(head, 'hex')
    const recorded = (last - first) / 1000
    return ok({
      segment: segments + 1,
      chunks,
      previous,
      bytes,
      torn: tail ? tail.to - tail.from : 0,
      counts,
      started: reader.value.facts.started,
      recorded,
    })
  } finally {
    await reader.value.close()
  }
}
