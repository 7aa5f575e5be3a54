import type { Readable } from 'node:stream'
import type { PersonId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { StoredRecording } from '../recording/index.ts'
import type { SessionError } from './errors.ts'
import { viewed } from './events.ts'
import { streamed } from './streamed.ts'
import { findRecording, type ViewDeps } from './view-recording.ts'

const pieceBytes = 256 * 1024

/**
 * The file of a recording as it lies there, sealed: for checking it elsewhere. Nobody reads anything in it without its keys, which are not given; who took
 * it is in the ledger all the same.
 */
export async function saveRecording(
  deps: ViewDeps,
  session: string,
  who: { person: PersonId },
): Promise<Result<{ name: string; body: Readable }, SessionError>> {
  const found = await findRecording(deps, session)
  if (!found.ok) return found
  const { row, source } = found.value
  try {
    await deps.audit.note(viewed({ session, recording: row.id, how: 'sealed' }), who.person)
  } catch (error) {
    await source.close()
    throw error
  }
  return ok({ name: `${row.id}.clvr`, body: streamed(source, pieces(source)) })
}

async function* pieces(source: StoredRecording): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += pieceBytes) yield await source.read(at, pieceBytes)
}
