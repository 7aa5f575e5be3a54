import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { openers } from '../facts/input-opening.ts'
import { refuse } from '../refuse.ts'
import type { FactView } from './view.ts'

/** Whether an opening is of the recording that its session made, and this officer may have a part in it: active, of security, and not the one who typed. */
export async function mayHavePart(view: FactView, opening: FactContent, officer: unknown): Promise<Result<void, KeeperRefusal>> {
  const session = await view.read('session', String(opening.session_id))
  if (!session.ok) return session
  const { recording_id, person_id } = session.value.content
  if (recording_id !== opening.recording_id || person_id !== opening.person_id)
    return refuse('recording.opening_of_other', 'This is for the recording of another session. Ask anew.')
  if (officer === person_id)
    return refuse('recording.own_input', 'Nobody has a part in opening what they typed themselves. Ask two other security officers.')
  const person = await view.read('person', String(officer))
  if (!person.ok) return person
  const { state, name, groups } = person.value.content
  if (state !== 'active') return refuse('access.person_not_active', `${name} is not active. Ask an administrator.`)
  return (groups as string[]).includes(openers)
    ? ok(undefined)
    : refuse('recording.not_an_officer', `What was typed unseen is opened by two security officers; ${name} is none.`)
}

/** Whether the two of an opening are two who may, now. Looked at when the second says yes, at each showing, and when the key is given. */
export async function areTwoOfficers(view: FactView, opening: FactContent): Promise<Result<void, KeeperRefusal>> {
  const { requester_id, approver_id } = opening
  if (approver_id === null || approver_id === requester_id)
    return refuse('recording.same_officer', 'Two different security officers open it together. Ask another one to approve it.')
  for (const officer of [requester_id, approver_id]) {
    const may = await mayHavePart(view, opening, officer)
    if (!may.ok) return may
  }
  return ok(undefined)
}
