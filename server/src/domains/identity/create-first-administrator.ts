import { fail, type Result } from '../../kernel/result.ts'
import { type BeginEnrolmentDeps, beginEnrolment, type Enrolment } from './begin-enrolment.ts'
import type { IdentityError } from './errors.ts'
import { type InvitePersonDeps, saveInvited } from './invite-person.ts'
import { firstAdministratorGroups, passwordProblem } from './rules.ts'

export interface FirstAdministrator {
  /** The one-time token that the first start printed. */
  token: string
  name: string
  displayName: string
  password: string
}

/**
 * Makes the first person of an installation. The one-time token is both the authority for it and the token of the enrolment that
 * `confirmEnrolment` finishes. Safe to repeat until then.
 */
export async function createFirstAdministrator(
  deps: InvitePersonDeps & BeginEnrolmentDeps,
  { token, name, displayName, password }: FirstAdministrator,
): Promise<Result<Enrolment, IdentityError>> {
  const weak = passwordProblem(password, name)
  if (weak) return fail({ code: 'identity.password_weak', why: weak })
  const authority = { by: 'setup', token } as const
  const made = await saveInvited(deps, { name, displayName, groups: firstAdministratorGroups, authority, by: null })
  if (!made.ok) return made
  const opened = await deps.keeper.ask('openEnrolment', { person: made.value.id, authority })
  if (!opened.ok) return opened
  return await beginEnrolment(deps, { token: opened.value.token, password })
}
