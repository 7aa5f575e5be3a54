import { type Meanwhile, type Refusal, takenBack } from '../../../gateways/contract.ts'
import { attest } from '../../../keeper/attest-rows.ts'
import type { AccountId, AskId, EntryId, PersonId, SessionId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { newId } from '../../../platform/crypto/random.ts'
import { namesIn } from '../../access/index.ts'
import type { SessionAct } from '../../policy/index.ts'
import { actAsked, actPassed } from '../events.ts'
import { offerAgain } from '../offer-again.ts'
import type { OpenSessionDeps } from '../opening.ts'
import { personName } from '../session.store.ts'
import { type AskRow, askState, countWaiting, insertAsk, lockAsk, stepAsk } from './asks.store.ts'
import { type Lapse, lapseAsk } from './lapse-ask.ts'
import type { ShownAct } from './shown-act.ts'
import { words } from './words.ts'

export type HoldDeps = Pick<OpenSessionDeps, 'db' | 'audit' | 'keeper' | 'clock' | 'log' | 'outages'>

/** Whose session something is done in. */
export interface DoneIn {
  session: SessionId
  person: PersonId
  account: AccountId
  intent: EntryId
}

/** An act on which somebody else has to decide. */
export interface HeldAct {
  /** What is judged of it; more than one where it may be either. */
  acts: readonly SessionAct[]
  shown: ShownAct
  because: readonly string[]
  /** Whose members may decide, and how long they have. */
  ask: { groups: readonly string[]; seconds: number }
}

/** The acts of one session that wait for somebody's word. */
export interface Holding {
  /** A yes when somebody else allowed exactly this act; it is good once, now. */
  hold(of: DoneIn, held: HeldAct, meanwhile: Meanwhile): Promise<Result<void, Refusal>>
  /** Somebody decided, as the database says. */
  attend(): void
  /** What waits now waits no longer. */
  lapse(why: Lapse): void
  /** Nothing is held any more. */
  close(): void
  readonly waits: boolean
}

const mostInSession = 5
const mostOfPerson = 20
/** A notification may be lost with its connection. */
const lookMs = 2_000

export function createHolding(deps: HoldDeps): Holding {
  const waiting = new Map<AskId, { wake: () => void; end: (why: Lapse) => void }>()
  let closed = false
  let asking = 0

  /** Why it is waited for no longer; undefined when somebody decided. */
  const untilDecided = async (id: AskId, seconds: number, signal: AbortSignal | undefined): Promise<Lapse | undefined> => {
    let over: Lapse | undefined
    let woken = Promise.withResolvers<void>()
    const wake = () => woken.resolve()
    const end = (why: Lapse) => {
      over ??= why
      wake()
    }
    const cancel = () => end('cancelled')
    const looking = setInterval(wake, lookMs)
    const timer = setTimeout(() => end('timed_out'), seconds * 1000)
    waiting.set(id, { wake, end })
    if (closed) end('session_over')
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      while (!over) {
        // a database that is away decides nothing: the time goes on
        const state = await deps.db
          .transaction()
          .execute((tx) => askState(tx, id))
          .catch(() => 'waiting' as const)
        if (state !== 'waiting') break
        if (!over) await woken.promise
        woken = Promise.withResolvers<void>()
      }
      return over
    } finally {
      clearInterval(looking)
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      waiting.delete(id)
    }
  }

  return {
    get waits() {
      return asking > 0
    },
    attend() {
      for (const { wake } of waiting.values()) wake()
    },
    lapse(why) {
      for (const { end } of waiting.values()) end(why)
    },
    close() {
      closed = true
      for (const { end } of waiting.values()) end('session_over')
    },
    async hold(of, held, { tell, signal }) {
      if (closed) return no(words.session_over)
      if (asking >= mostInSession) return no(words.tooManyHere)
      asking += 1
      try {
        const asked = await ask(deps, of, held)
        if (!asked.ok) return asked
        const { row, names } = asked.value
        tell?.(words.held(held.shown.action, row, { names, groups: held.ask.groups }, held.ask.seconds))
        const lapsed = await untilDecided(row.id, held.ask.seconds, signal)
        const result = await settle(deps, of, held, row, lapsed)
        if (result.ok) tell?.(words.allowed(result.value))
        return result.ok ? ok(undefined) : result
      } finally {
        asking -= 1
      }
    },
  }
}

const no = (say: string) => fail<Refusal>({ code: 'session.act_not_allowed', say })

/** It stands in the ledger that somebody is asked, before anybody can answer. */
async function ask(
  { db, audit, keeper, clock }: HoldDeps,
  of: DoneIn,
  { shown, because, ask: { groups, seconds } }: HeldAct,
): Promise<Result<{ row: AskRow; names: string[] }, Refusal>> {
  const { session, person, account, intent } = of
  const names = await namesIn(db, groups, person)
  if (names.length === 0) return no(words.nobody(groups))
  const at = clock.now()
  const id = newId('ask')
  const sealed = await keeper.ask('sealAsked', { id, session, act: shown })
  if (!sealed.ok) return fail({ code: sealed.error.code, say: sealed.error.message })
  const { action } = shown
  const row: AskRow = {
    ...{ id, session_id: session, person_id: person, account_id: account, action, sealed: Buffer.from(sealed.value.sealed, 'base64') },
    ...{ digest: sealed.value.digest, asked_at: at, expires_at: new Date(at.getTime() + seconds * 1000) },
    ...{ state: 'waiting', decided_by: null, revision: 1 },
  }
  const asked = await audit.act<void, { code: string; say: string }>(
    { act: 'session.act_ask', by: person, about: { session } },
    async ({ tx, record }) => {
      if ((await countWaiting(tx, person, at)) >= mostOfPerson) return no(words.tooMany)
      const attested = await attest(keeper, [{ kind: 'session_ask', revision: 1, row: { ...row } }], { by: 'system' })
      if (!attested.ok) return fail({ code: attested.error.code, say: attested.error.message })
      await insertAsk(tx, row, attested.value.macOf(id))
      const said = { session, account, ask: id, action, because: because.join(' ') }
      await record(actAsked({ ...said, digest: row.digest, until: row.expires_at.toISOString() }), attested.value.attestations, { intent })
      return ok(undefined)
    },
  )
  return asked.ok ? ok({ row, names }) : asked
}

/** What came of it. A yes is believed where the keeper attests that this very act passes, once: whatever the database says. */
async function settle(
  deps: HoldDeps,
  of: DoneIn,
  { acts, ask: { seconds } }: HeldAct,
  asked: AskRow,
  lapsed: Lapse | undefined,
): Promise<Result<string, Refusal>> {
  const { db, audit, keeper } = deps
  const { session, person, intent } = of
  const lapse = async (why: Lapse, say: string): Promise<Result<never, Refusal>> => {
    const write = () => lapseAsk(deps, asked.id, why, { person, intent })
    await write().catch(() => void offerAgain(deps, `that ${asked.id} was not done`, write))
    return why === 'cancelled' ? fail({ code: takenBack, say }) : no(say)
  }
  try {
    // one that came in the last moment counts
    if (lapsed && lapsed !== 'timed_out') return await lapse(lapsed, words[lapsed])
    const now = await db.transaction().execute((tx) => lockAsk(tx, asked.id))
    const by = now?.decided_by ? await db.transaction().execute((tx) => personName(tx, now.decided_by as AskRow['person_id'])) : ''
    if (now?.state === 'refused') return no(words.refused(by, now.comment))
    if (now?.state !== 'allowed') return await lapse('timed_out', words.timed_out(seconds))
    // what policy says may be another thing by now
    for (const act of acts) {
      const judged = await keeper.ask('judge', { session, act })
      if (!judged.ok) return await lapse('policy', judged.error.message)
      if (judged.value.consequence === 'refuse') return await lapse('policy', judged.value.say ?? words.policy)
    }
    const passed = await audit.act<void, { code: string; message: string }>(
      { act: 'session.act_pass', by: person, about: { session, ask: asked.id } },
      async ({ tx, record }) => {
        const row = await lockAsk(tx, asked.id)
        if (row?.state !== 'allowed') return fail({ code: 'session.ask_over', message: words.gone })
        // of the row only who decided and how often it changed: the rest is what we hold, and the keeper compares it
        const { decided_by } = row
        const next: AskRow = { ...asked, decided_by, state: 'passed', revision: row.revision + 1 }
        const attested = await attest(keeper, [{ kind: 'session_ask', revision: next.revision, row: { ...next } }], { by: 'system' })
        if (!attested.ok) return attested
        await stepAsk(tx, next, null, attested.value.macOf(asked.id))
        await record(actPassed({ session, ask: asked.id, digest: asked.digest }), attested.value.attestations, { intent })
        return ok(undefined)
      },
    )
    return passed.ok ? ok(by) : fail({ code: passed.error.code, say: passed.error.message })
  } catch (error) {
    deps.log(`what came of ${asked.id} could not be looked at: ${String(error)}`)
    return await lapse('interrupted', words.interrupted)
  }
}
