import { setTimeout as sleep } from 'node:timers/promises'
import type { Keeper } from '../../keeper/client.ts'
import type { AnswerOf } from '../../keeper/contract.ts'

/** What the keeper says of a grant. `altered`: the ledger knows of something later than what the database shows; `unheard`: it cannot be asked, or does not know yet. */
export type GrantWord = Pick<AnswerOf<'grantsNow'>['grants'][number], 'now' | 'endsAt'>

const unheard: GrantWord = { now: 'unheard', endsAt: null }
/** The keeper waits three seconds itself until what somebody did just now is signed; one that takes longer is away. */
const patienceMs = 4_000
/** With these it says that the row is not what it attested, and raised an alarm where somebody made it up. */
const notOurs = ['keeper.forged_row', 'keeper.unknown_row']

/** About a grant of which the database says that something became of it just now. */
export async function grantWord(keeper: Pick<Keeper, 'ask'>, grant: string): Promise<GrantWord> {
  const asked = keeper.ask('vouch', { rows: [{ kind: 'access_grant', id: grant }] }).catch(() => undefined)
  const vouched = await Promise.race([asked, sleep(patienceMs, undefined, { ref: false })])
  if (vouched?.ok) {
    const [row] = vouched.value.rows as { state?: unknown; ends_at?: unknown }[]
    return row?.state === 'active' ? { now: 'runs', endsAt: String(row.ends_at) } : { now: 'over', endsAt: null }
  }
  if (!vouched || !notOurs.includes(vouched.error.code)) return unheard
  return (await grantWords(keeper, [grant])).get(grant) ?? unheard
}

/** About grants of which the database need not say anything. */
export async function grantWords(keeper: Pick<Keeper, 'ask'>, grants: readonly string[]): Promise<Map<string, GrantWord>> {
  const answer = await keeper.ask('grantsNow', { grants: [...grants] }).catch(() => undefined)
  return new Map(answer?.ok ? answer.value.grants.map(({ id, ...word }) => [id, word]) : [])
}
