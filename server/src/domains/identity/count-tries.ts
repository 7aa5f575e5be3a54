import type { Clock } from '../../kernel/clock.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { IdentityError } from './errors.ts'
import { limits, sourceNetwork } from './rules.ts'
import { forgetTries, giveTryBack, takeTry } from './tries.store.ts'

export interface Counted {
  /** What to answer if the password is wrong. */
  wrong: IdentityError
  /** It was right: takes back the try that this was. */
  forget(tx: Tx): Promise<void>
}

/**
 * Counts a password for its name and its address before it is known whether it is right, whichever door it is typed at, and looks the name
 * up in the same moment. An unknown name counts like one that is known.
 */
export async function countTries<T>(
  { db, clock }: { db: Db; clock: Clock },
  { name, source }: { name: string; source: string },
  find: (tx: Tx, name: string) => Promise<T>,
): Promise<{ counted: Result<Counted, IdentityError>; known: T }> {
  const keys = { name: `name ${name}`, source: `from ${sourceNetwork(source)}` }
  const { lockMs, triesForName, triesFromSource } = limits
  const { forName, fromSource, known } = await db.transaction().execute(async (tx) => ({
    forName: await takeTry(tx, keys.name, { now: clock.now(), limit: triesForName, lockMs }),
    fromSource: await takeTry(tx, keys.source, { now: clock.now(), limit: triesFromSource, lockMs }),
    known: await find(tx, name),
  }))
  for (const one of [forName, fromSource])
    if (!one.allowed && one.lockedUntil) return { counted: fail({ code: 'identity.locked', until: one.lockedUntil }), known }
  const until = forName.lockedUntil ?? fromSource.lockedUntil
  return {
    known,
    counted: ok({
      wrong: until ? { code: 'identity.locked', until } : { code: 'identity.wrong_credentials', left: triesForName - forName.made },
      async forget(tx) {
        await forgetTries(tx, keys.name)
        await giveTryBack(tx, keys.source)
      },
    }),
  }
}
