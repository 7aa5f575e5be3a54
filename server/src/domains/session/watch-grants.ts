import type { Keeper } from '../../keeper/client.ts'
import { obeyGrant } from './follow-grant.ts'
import { grantWords } from './grant-word.ts'
import type { RunningSessions } from './running-sessions.ts'

const everyMs = 3_000
/** The keeper answers for so many at once. */
const mostAtOnce = 200

/** Asks the keeper again and again about the grants of all sessions that run here: a database that keeps the end of one to itself lets nobody go on. */
export function watchGrants(keeper: Pick<Keeper, 'ask'>, running: RunningSessions): void {
  let looking = false
  const look = async () => {
    if (looking) return
    looking = true
    try {
      const grants = running.grants()
      for (let from = 0; from < grants.length; from += mostAtOnce) {
        const words = await grantWords(keeper, grants.slice(from, from + mostAtOnce))
        for (const [grant, word] of words) obeyGrant(running, grant, word)
      }
    } finally {
      looking = false
    }
  }
  setInterval(() => void look(), everyMs).unref()
}
