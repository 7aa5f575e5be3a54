import type { unproven as api } from '@claviger/api'
import { attest } from '../../../keeper/attest-rows.ts'
import { mostShowings } from '../../../keeper/facts/input-opening.ts'
import type { EntryId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import { readRecording, type StoredRecording, type UnprovenInput, unprovenInput } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { inputShowing } from '../events.ts'
import { type ExpectedDeps, expectedOf } from '../expected-recording.ts'
import { showVerdict } from '../show-verdict.ts'
import { findRecording } from '../view-recording.ts'
import type { OpeningDeps, WithCode } from './ask-for-input.ts'
import { lockOpening, moveOpening, type OpeningRow } from './opening.store.ts'
import { sessionOfOpening } from './opening.view.ts'

/** As much as is shown at once. */
const mostBytes = 2 * 1024 * 1024

export interface ShownInput {
  session: string
  unseen: api.Unseen[]
  next: number | null
  looksLeft: number
  verified: ReturnType<typeof showVerdict>
}

/**
 * What was typed unseen, to one of the two officers who opened it. The look is counted, attested with their fresh code and in the ledger before the
 * keeper is asked for the key, which decides all of it again.
 */
export async function showInput(
  deps: OpeningDeps & ExpectedDeps,
  by: WithCode,
  { id, from }: { id: string; from: number },
): Promise<Result<ShownInput, SessionError>> {
  const session = await sessionOfOpening(deps.db, id)
  if (session === undefined) return fail({ code: 'session.opening_unknown', opening: id })
  // before a look is counted: where the recording is not to be had, none is used up
  const found = await findRecording(deps, session)
  if (!found.ok) return found
  const { source } = found.value
  try {
    const counted = await countLook(deps, by, id)
    if (!counted.ok) return counted
    const { row, intent, presence } = counted.value
    const answer = await deps.keeper.ask('openUnprovenInput', { opening: id, presence, intent })
    if (!answer.ok) return answer
    const keys = answer.value.payload ?? new Secret(new Uint8Array(64))
    if (answer.value.recording !== found.value.row.id) {
      keys.wipe()
      return fail({ code: 'session.no_recording' })
    }
    return await keys.use('seal', (both) => read(deps, { row, source, from }, both))
  } finally {
    await source.close()
  }
}

async function read(
  deps: OpeningDeps & ExpectedDeps,
  { row, source, from }: { row: OpeningRow; source: StoredRecording; from: number },
  keys: Uint8Array,
): Promise<Result<ShownInput, SessionError>> {
  const expected = await expectedOf(deps, row.recording_id)
  if (!expected.ok) return expected
  const reader = await readRecording(source, { viewers: keys.subarray(0, 32), officers: keys.subarray(32) }, expected.value)
  if (!reader.ok) return reader
  const { unproven, next } = await unprovenInput(reader.value, { from, most: mostBytes })
  return ok({
    ...{ session: row.session_id, unseen: unproven.map(shown), next },
    ...{ looksLeft: mostShowings - row.shown, verified: showVerdict(reader.value) },
  })
}

async function countLook(
  { audit, keeper, now }: OpeningDeps,
  by: WithCode,
  id: string,
): Promise<Result<{ row: OpeningRow; intent: EntryId; presence: string }, SessionError>> {
  return await audit.act<{ row: OpeningRow; intent: EntryId; presence: string }, SessionError>(
    { act: 'recording.show_input', by: by.person, about: { opening: id } },
    async ({ tx, record }) => {
      const before = await lockOpening(tx, id)
      if (!before) return fail({ code: 'session.opening_unknown', opening: id })
      const at = now()
      if (before.state === 'waiting') return fail({ code: 'session.opening_waits' })
      if (before.requester_id !== by.person && before.approver_id !== by.person) return fail({ code: 'session.not_of_the_two' })
      if (before.state !== 'approved' || (before.ends_at ?? at) <= at || before.shown >= mostShowings)
        return fail({ code: 'session.opening_over' })
      const row: OpeningRow = { ...before, shown: before.shown + 1, shown_to: by.person, shown_at: at, revision: before.revision + 1 }
      const rows = [{ kind: 'input_opening' as const, revision: row.revision, row: { ...row } }]
      const attested = await attest(keeper, rows, { by: 'stepUp', ...by })
      if (!attested.ok) return attested
      await moveOpening(tx, row, attested.value.macOf(row.id))
      const said = { opening: row.id, session: row.session_id, recording: row.recording_id, showing: row.shown }
      const intent = await record(inputShowing(said), attested.value.attestations)
      return ok({ row, intent, presence: attested.value.presence ?? '' })
    },
  )
}

/** Control characters as pictures, so that nothing of it does anything where it is shown; the two that people press as the signs on their keys. */
const pictured = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('utf8')
    .replaceAll('\r', '↵')
    .replaceAll('\x7f', '⌫')
    .replaceAll(/[\x00-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replaceAll(/[\x80-\x9f]/g, '�')

function shown(one: UnprovenInput): api.Unseen {
  if (one.kind === 'statement') return { ...one, parameters: [...one.parameters] }
  const { bytes, ...rest } = one
  return { ...rest, text: pictured(bytes), base64: Buffer.from(bytes).toString('base64') }
}
