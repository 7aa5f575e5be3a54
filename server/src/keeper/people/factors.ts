import { Secret as OtpSecret, TOTP } from 'otpauth'
import type pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { refuse } from '../refuse.ts'
import type { Vault } from '../vault/vault.ts'
import { type FactorUse, readFactorUse, spendStep, writeFailures } from './people.store.ts'

/** RFC 6238 with its usual numbers: SHA-1, 6 digits, 30 s; one step early or late is accepted, each step once and in order. */
const period = 30
export const factorPeriodMs = period * 1000
const window = 1
const tries = 6
const lockMs = 30 * 60_000

export const seedOwner = (factor: string) => ({ kind: 'factor', id: factor, what: 'totp' })

export interface Factors {
  /** Takes a code of an active person. Wrong codes are counted and lock; a right one is spent. */
  spend(person: string, code: string): Promise<Result<{ factor: string }, KeeperRefusal>>
  /** The same for a factor that is being enrolled and belongs to nobody yet. */
  spendPending(factor: string, code: string): Promise<Result<{ factor: string }, KeeperRefusal>>
}

export function createFactors(deps: { pool: pg.Pool; facts: FactReader; vault: Vault; now: () => Date }): Factors {
  const { pool, facts, vault, now } = deps
  // beside the database, so that a row put back makes no spent code good again, forgets no wrong one and lifts no lock. What other nodes
  // wrote there counts as well: the stricter of both
  const seen = new Map<string, FactorUse>()
  const busy = new Map<string, Promise<unknown>>()

  const useOf = async (factor: string): Promise<FactorUse> => {
    const [ours, row] = [seen.get(factor), await readFactorUse(pool, factor)]
    if (!ours) return row
    const locks = [ours.locked_until, row.locked_until].filter((lock) => lock !== null)
    return {
      last_step: Math.max(ours.last_step, row.last_step),
      failures: Math.max(ours.failures, row.failures),
      locked_until: locks.reduce<Date | null>((later, lock) => (later && later > lock ? later : lock), null),
    }
  }
  const keepFailures = async (factor: string, use: FactorUse): Promise<void> => {
    seen.set(factor, use)
    await writeFailures(pool, factor, use)
  }

  const check = async (factor: string, code: string): Promise<Result<{ factor: string }, KeeperRefusal>> => {
    const use = await useOf(factor)
    const at = now()
    if (use.locked_until && use.locked_until > at) {
      return refuse('factor.locked', `Too many wrong codes. Try again after ${use.locked_until.toISOString()}, or ask an administrator.`, {
        until: use.locked_until.toISOString(),
      })
    }
    const seed = await vault.openState(seedOwner(factor), 'current')
    if (!seed.ok) return seed
    const delta = await seed.value.secret.use('sign', (bytes) => {
      const totp = new TOTP({ secret: new OtpSecret({ buffer: Uint8Array.from(bytes).buffer }), digits: 6, period })
      return totp.validate({ token: code, timestamp: at.getTime(), window })
    })
    if (delta === null) {
      const failures = use.failures + 1
      const lock = failures >= tries
      await keepFailures(factor, {
        last_step: use.last_step,
        failures: lock ? 0 : failures,
        locked_until: lock ? new Date(at.getTime() + lockMs) : null,
      })
      const left = tries - failures
      return lock
        ? refuse('factor.locked', 'Too many wrong codes: locked for 30 minutes. Ask an administrator if it was not you.', {
            until: new Date(at.getTime() + lockMs).toISOString(),
          })
        : refuse(
            'factor.code_wrong',
            `That code is not right; ${left} ${left === 1 ? 'try' : 'tries'} left. Take the one that your authenticator shows now.`,
            { left },
          )
    }
    const step = Math.floor(at.getTime() / 1000 / period) + delta
    const usedUp = refuse('factor.code_used', 'That code was used already. Wait for the next one, at most 30 seconds.')
    if (step <= use.last_step) return usedUp
    // in the database at the same moment as it is looked at: two nodes cannot both spend it
    if (!(await spendStep(pool, factor, step))) return usedUp
    seen.set(factor, { last_step: step, failures: 0, locked_until: null })
    return ok({ factor })
  }

  // one at a time for each factor: two at once could both spend the same code
  const inTurn = async (factor: string, code: string): Promise<Result<{ factor: string }, KeeperRefusal>> => {
    const before = busy.get(factor) ?? Promise.resolve()
    const turn = before.then(() => check(factor, code))
    busy.set(
      factor,
      turn.catch(() => undefined),
    )
    return await turn
  }

  return {
    spendPending: inTurn,
    async spend(person, code) {
      const who = await facts.read('person', person)
      if (!who.ok) return who
      if (who.value.content.state !== 'active')
        return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
      const factors = await facts.where('factor', { person_id: person })
      if (!factors.ok) return factors
      const totp = factors.value.find((f) => f.content.kind === 'totp' && f.content.state === 'active')
      if (!totp) return refuse('factor.none', 'There is no second factor. Ask an administrator for a new enrolment.')
      return await inTurn(String(totp.content.id), code)
    },
  }
}
