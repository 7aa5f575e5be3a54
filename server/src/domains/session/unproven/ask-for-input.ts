import { attest } from '../../../keeper/attest-rows.ts'
import { openingWaits } from '../../../keeper/facts/input-opening.ts'
import type { InputOpeningId, PersonId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { newId } from '../../../platform/crypto/random.ts'
import type { SessionError } from '../errors.ts'
import { inputAsked } from '../events.ts'
import { refuseDestroyed } from '../refuse-destroyed.ts'
import type { ViewDeps } from '../view-recording.ts'
import { insertOpening, type OpeningRow, recordedSession } from './opening.store.ts'

export interface OpeningDeps extends ViewDeps {
  now: () => Date
}
export interface WithCode {
  person: PersonId
  code: string
}

/** Asks to see what somebody typed unseen in a session. Nothing is shown until another officer approves it. */
export async function askForInput(
  deps: OpeningDeps,
  by: WithCode,
  { session, reason }: { session: string; reason: string },
): Promise<Result<{ id: InputOpeningId }, SessionError>> {
  const { audit, keeper, now } = deps
  const status = await keeper.ask('status', {})
  if (!status.ok) return status
  return await audit.act<{ id: InputOpeningId }, SessionError>(
    { act: 'recording.ask_for_input', by: by.person, about: { session } },
    async ({ tx, record }) => {
      const of = await recordedSession(tx, session)
      if (!of) return fail({ code: 'session.no_recording' })
      if (of.person_id === by.person) return fail({ code: 'session.own_input' })
      const there = await refuseDestroyed(deps, of.recording_id)
      if (!there.ok) return there
      const at = now()
      const row: OpeningRow = {
        ...{ id: newId('iop'), ...of, requester_id: by.person, reason, state: 'waiting', asked_at: at },
        ...{ expires_at: new Date(at.getTime() + openingWaits * 1000), approver_id: null, approved_at: null, ends_at: null },
        ...{ epoch: status.value.epoch, shown: 0, shown_to: null, shown_at: null, withdrawn_by: null, revision: 1 },
      }
      const attested = await attest(keeper, [{ kind: 'input_opening', revision: 1, row: { ...row } }], { by: 'stepUp', ...by })
      if (!attested.ok) return attested
      await insertOpening(tx, row, attested.value.macOf(row.id))
      const said = { opening: row.id, session, recording: of.recording_id, reason }
      await record(inputAsked(said), attested.value.attestations)
      return ok({ id: row.id })
    },
  )
}
