import { attest, type MacOf, type NewRow } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Attestation } from '../../keeper/facts/fact.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Act, Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { lockPerson, personRow, type StoredPerson, savePerson } from './people.store.ts'
import type { Person } from './rules.ts'

/** What follows when somebody is not let in any more, inside the same act: what runs for them ends. */
export type WhenPersonStops = (act: Act, person: PersonId, why: string) => Promise<Result<void, IdentityError>>

export interface ChangePersonDeps {
  audit: Audit
  keeper: Keeper
  clock: Clock
  whenPersonStops: WhenPersonStops
}

/** A change of somebody by another, with a fresh code for exactly this. */
export interface PersonChange {
  person: PersonId
  by: PersonId
  code: string
}

export interface Changed {
  act: Act
  before: StoredPerson
  after: Person
  attestations: readonly Attestation[]
  macOf: MacOf
}

/** One act that changes a person's row: locked, attested by the keeper under the code, written; `then` records it and does what follows. */
export async function changePerson(
  { audit, keeper }: ChangePersonDeps,
  name: { act: string },
  { person, by, code }: PersonChange,
  next: (before: StoredPerson, act: Act) => Promise<Result<Partial<Person>, IdentityError>> | Result<Partial<Person>, IdentityError>,
  others: (act: Act) => Promise<readonly NewRow[]>,
  then: (changed: Changed) => Promise<Result<void, IdentityError>>,
): Promise<Result<Person, IdentityError>> {
  return await audit.act<Person, IdentityError>({ ...name, by, about: { person } }, async (act) => {
    const before = await lockPerson(act.tx, person)
    if (!before) return fail({ code: 'identity.person_unknown', person })
    const over = await next(before, act)
    if (!over.ok) return over
    const { revision, ...known } = before
    const after: Person = { ...known, ...over.value }
    const rows: NewRow[] = [{ kind: 'person', revision: revision + 1, row: personRow(after) }, ...(await others(act))]
    const attested = await attest(keeper, rows, { by: 'stepUp', person: by, code })
    if (!attested.ok) return attested
    const { attestations, macOf } = attested.value
    await savePerson(act.tx, after, revision + 1, macOf)
    const done = await then({ act, before, after, attestations, macOf })
    return done.ok ? ok(after) : done
  })
}

export const wrongState = (state: string, needs: string) => fail<IdentityError>({ code: 'identity.wrong_state', state, needs })
export const nothingElse = async (): Promise<readonly NewRow[]> => []
