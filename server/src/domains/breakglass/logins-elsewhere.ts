import type { AccountId, TargetId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { SeenLogin } from '../../targets/contract.ts'
import type { Audit } from '../audit/index.ts'
import { loginElsewhere } from './events.ts'
import { heldAgainst, keepWatched, type OwnWork, ownWork, putLogin } from './logins-elsewhere.store.ts'

export interface LoginsDeps {
  audit: Audit
  /** In the transaction of the alarm: neither is without the other. */
  orderRotation: (tx: Tx, account: AccountId, why: string) => Promise<void>
}

/** Two clocks, and the time between the beginning of our work and the login that belongs to it. */
const slackMs = 60_000
/** A kit's terminal logs in right after its recording began, on a laptop whose clock nobody keeps. */
const kitMs = 300_000

/**
 * A login with an account for emergencies that is none of ours is an alarm, and the account gets another credential. Ours come from the address from
 * which the target sees us, while we worked with that account: a rotation, a drill, a session. One under a kit is known by its recording, once that is
 * brought back: until then it is an alarm like any other, which is what the opening of a kit is as well.
 */
export async function lookForLoginsElsewhere(
  { audit, orderRotation }: LoginsDeps,
  target: TargetId,
  seen: readonly SeenLogin[],
  at: Date,
): Promise<void> {
  const done = await audit.act<void, never>({ act: 'breakglass.look_for_logins', by: null, about: { target } }, async ({ tx, record }) => {
    for (const { id, name, since } of await keepWatched(tx, target, at)) {
      const began = (login: SeenLogin) => new Date(at.getTime() - login.agoMs)
      const candidates = seen.filter((login) => login.account === name && began(login) >= since)
      if (candidates.length === 0) continue
      const work = await ownWork(tx, id, since)
      let foreign: SeenLogin | undefined
      for (const login of candidates) {
        const when = began(login)
        if (isOurs(login, when, work) || (await heldAgainst(tx, id, login, when))) continue
        await putLogin(tx, id, login, when, at)
        const fields = { account: id, target, address: login.address, program: login.program, began: when.toISOString() }
        await record(loginElsewhere({ ...fields, tells: ['security'] }), [], { phase: 'alarm' })
        // what runs replaces what they came in with
        if (!within(when, work.rotations, slackMs)) foreign = login
      }
      if (foreign) await orderRotation(tx, id, 'somebody else logged in with it')
    }
    return ok(undefined)
  })
  if (!done.ok) throw new Error('logins could not be looked at')
}

type Span = OwnWork['rotations'][number]

/** Whether we, or a kit that is known, are behind it. */
export function isOurs(login: Pick<SeenLogin, 'ours'>, began: Date, { rotations, checks, sessions, kits }: OwnWork): boolean {
  if (within(began, kits, kitMs)) return true
  return login.ours && (within(began, rotations, slackMs) || within(began, checks, slackMs) || within(began, sessions, slackMs))
}

const within = (at: Date, spans: readonly Span[], slack: number): boolean =>
  spans.some(({ from, to }) => at.getTime() >= from.getTime() - slack && (to === null || at.getTime() <= to.getTime() + slack))
