import type { Keeper } from '../../keeper/client.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { type GrantWord, grantWord } from './grant-word.ts'
import type { RunningSessions } from './running-sessions.ts'
import { grantNow } from './session.store.ts'

/**
 * Takes over what became of a grant under which sessions run here. The database says that something may have; what it was is the keeper's word. Where the
 * keeper cannot be asked, sessions whose grant is said to be over end all the same, and none lasts longer.
 */
export async function followGrant(
  { db, keeper, running }: { db: Db; keeper: Keeper; running: RunningSessions },
  grant: string,
): Promise<void> {
  const found = await db.transaction().execute((tx) => grantNow(tx, grant))
  const over = found?.state !== 'active'
  if (!over && !running.of(grant).some((session) => found.endsAt > session.endsAt)) return
  const word = await grantWord(keeper, grant)
  if (over && word.now === 'unheard') for (const session of running.of(grant)) session.cut('grant_unattested')
  else obeyGrant(running, grant, word)
}

/** What the keeper says of a grant, done to the sessions that run under it. */
export function obeyGrant(running: RunningSessions, grant: string, { now, endsAt }: GrantWord): void {
  for (const session of running.of(grant)) {
    if (now === 'over') session.cut('grant_ended')
    if (now === 'altered') session.cut('grant_unattested')
    if (now === 'runs' && endsAt !== null) session.extend(new Date(endsAt))
  }
}
