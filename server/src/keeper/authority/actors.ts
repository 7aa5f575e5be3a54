import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { Authority, KeeperRefusal } from '../contract.ts'
import type { EnrolmentRow } from '../people/people.store.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import type { ShownFactor } from '../shown-factor.ts'

/** Who stands behind an attestation, after what they brought was checked. A code is spent by looking. */
export type Actor =
  | { by: 'setup' }
  /** `at`: when the factor was shown. */
  | { by: 'presence'; person: string; at: Date }
  | { by: 'stepUp'; person: string; revision: number; groups: readonly string[]; factor: ShownFactor }
  | { by: 'enrolment'; row: EnrolmentRow; factor: string }
  | { by: 'system' }

/** `act`: the digest of what is to be done, which a passkey says yes to. */
export async function actorOf(context: KeeperContext, authority: Authority, act: string): Promise<Result<Actor, KeeperRefusal>> {
  switch (authority.by) {
    case 'system':
      return ok({ by: 'system' })
    case 'setup':
      return context.setup.isToken(authority.token)
        ? ok({ by: 'setup' })
        : refuse('setup.closed', 'The first run is over, or this is not its link. Sign in as an administrator.')
    case 'presence': {
      const present = await whoIsPresent(context, authority.presence)
      return present.ok ? ok({ by: 'presence', person: present.value.person, at: present.value.at }) : present
    }
    case 'stepUp': {
      const spent = await context.prove({ ...authority, act })
      if (!spent.ok) return spent
      const person = await context.facts.read('person', authority.person)
      if (!person.ok) return person
      const { content, revision } = person.value
      return ok({ by: 'stepUp', person: authority.person, revision, groups: content.groups as string[], factor: spent.value.factor })
    }
    case 'enrolment': {
      const row = await context.enrolments.read(authority.token)
      if (!row.ok) return row
      if (!row.value.factor_id) return refuse('enrolment.not_begun', 'Begin the enrolment first: open the link and choose a password.')
      const spent = await context.factors.spendPending(row.value.factor_id, authority.code)
      return spent.ok ? ok({ by: 'enrolment', row: row.value, factor: row.value.factor_id }) : spent
    }
  }
}
