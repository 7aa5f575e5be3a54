import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { IdentityError } from './errors.ts'
import type { Passwords } from './passwords.ts'
import { findPassword } from './people.store.ts'
import { limits, sourceNetwork } from './rules.ts'
import { forgetTries, giveTryBack, takeTry } from './tries.store.ts'

export interface Matched {
  person: PersonId
  /** The password's row, for the keeper to vouch for: so far the database alone said so. */
  factor: string
  /** Takes back the try that this was. */
  forget(tx: Tx): Promise<void>
}

/** Name and password, counted against guessing. An unknown name costs the same work, counts the same tries and gets the same answer as a wrong password. */
export async function matchPassword(
  { db, clock, passwords }: { db: Db; clock: Clock; passwords: Passwords },
  { name, password, source }: { name: string; password: string; source: string },
): Promise<Result<Matched, { error: IdentityError; person: PersonId | null }>> {
  const keys = { name: `name ${name}`, source: `from ${sourceNetwork(source)}` }
  const { tries, known } = await db.transaction().execute(async (tx) => {
    const { lockMs, triesForName, triesFromSource } = limits
    const forName = await takeTry(tx, keys.name, { now: clock.now(), limit: triesForName, lockMs })
    const fromSource = await takeTry(tx, keys.source, { now: clock.now(), limit: triesFromSource, lockMs })
    return { tries: { forName, fromSource }, known: await findPassword(tx, name) }
  })
  const person = known?.person ?? null
  const refuse = (error: IdentityError) => fail({ error, person })
  for (const one of [tries.forName, tries.fromSource])
    if (!one.allowed && one.lockedUntil) return refuse({ code: 'identity.locked', until: one.lockedUntil })

  const matches = await passwords.matches(known?.verifier ?? undefined, password)
  if (matches === undefined) return refuse({ code: 'identity.busy' })
  if (!matches || !known?.factor) {
    const until = tries.forName.lockedUntil ?? tries.fromSource.lockedUntil
    const left = limits.triesForName - tries.forName.made
    return refuse(until ? { code: 'identity.locked', until } : { code: 'identity.wrong_credentials', left })
  }
  return ok({
    person: known.person,
    factor: known.factor,
    async forget(tx) {
      await forgetTries(tx, keys.name)
      await giveTryBack(tx, keys.source)
    },
  })
}
