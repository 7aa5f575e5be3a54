import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, call, session, type Transport } from '@claviger/api'
import type { Loss } from '../losses/loss.ts'
import { persist } from '../patience.ts'
import type { Report } from '../report.ts'
import { kill } from '../rotation/kill.ts'
import { lostOf } from './judge.ts'
import { goesOn, inWords, type Order, type Turn } from './plan.ts'
import { recordedOf } from './recorded.ts'
import { strike, whileItLasts } from './strike.ts'
import { files } from './works/files.ts'
import { mariadb, psql } from './works/sql.ts'
import { command, commandThatRuns, shell } from './works/terminal.ts'
import type { Work } from './works/work.ts'
import type { SessionWorld } from './world.ts'

/** For whatever comes by itself. */
const patienceSeconds = 240
/** For what a wrong order keeps from ever coming. */
const briefly = 8

type Session = session.Session
/** Somebody's work, and the session that it is in. */
interface InSession {
  work: Work
  id: Session['id']
}

/** People work, something happens, all gets well again, and what was recorded is compared with what they saw. */
export class Turns {
  readonly #world: SessionWorld
  readonly #report: Report
  readonly #order: Order | undefined
  readonly #known = new Set<string>()

  constructor(world: SessionWorld, report: Report, order?: Order) {
    this.#world = world
    this.#report = report
    this.#order = order
  }

  get #patience(): number {
    return this.#order === undefined ? patienceSeconds : briefly
  }

  /** Answers whether something was lost. */
  async take(number: number, turn: Turn): Promise<boolean> {
    const { claviger, lateness } = this.#world
    await this.#noteSessions()
    const working = await this.#allIn()
    lateness.worst()
    await sleep(turn.afterMs - turn.lateMs)
    const late = command(this.#world.doors, this.#world.places.ssh.at)
    await sleep(turn.lateMs)
    const struckAt = performance.now()
    const heal = await strike(this.#world, turn.fault)
    if (turn.again) {
      await sleep(turn.again.afterMs)
      kill(claviger, turn.again.part)
    }
    const mustEnd = working.filter(({ work }) => !goesOn(turn, work.wire))
    await whileItLasts(turn.fault, this.#patience, () => mustEnd.every(({ work }) => work.over()))
    const lateMs = lateness.worst()
    const latecomer = await late
    const turnedAway = turn.fault.kind === 'disk-full' && !turn.again && !this.#order ? await this.#turnedAway(latecomer) : undefined
    await heal()
    const unwell = (await this.#standUp()) ?? turnedAway
    const troubles = await Promise.all(working.map(async ({ work }) => unwell ?? (await this.#after(turn, work))))
    const seconds = (performance.now() - struckAt) / 1_000
    for (const { work } of [...working, { work: latecomer }]) work.kill()
    const losses = await this.#settled()
    losses.push(...(await Promise.all(working.map((one) => this.#judge(one, struckAt, lateMs)))).flat())
    const them = await this.#sessionOf(latecomer, working)
    if (them) losses.push(...(await this.#judge({ work: latecomer, id: them }, struckAt, lateMs)))
    else if (latecomer.marks().length > 0)
      losses.push({ kind: 'recording', what: latecomer.name, why: 'somebody saw something in it, and there is no such session' })
    const what = `${inWords(turn.fault)}${turn.again ? `, then ${turn.again.part} killed` : ''}`
    for (const [at, { work }] of working.entries()) {
      const facts = { turn: number, ...turn, work: work.name, seen: work.marks().length }
      this.#report.injected({ where: work.name, what, facts, trouble: troubles[at], seconds })
    }
    this.#report.lost(losses)
    return losses.length > 0
  }

  /** All work at once, as the one person who may. */
  async #allIn(): Promise<InSession[]> {
    const { doors, places } = this.#world
    const { ssh, postgres, mysql } = places
    const ways: (() => Promise<Work>)[] = [
      () => shell(doors, ssh.at),
      () => commandThatRuns(doors, ssh.at),
      () => files(doors, ssh.at),
      () => psql(doors, postgres.at, postgres.grant),
      ...(mysql ? [() => mariadb(doors, mysql.at, mysql.grant)] : []),
    ]
    const works = await Promise.all(ways.map((way) => persist('to come in', patienceSeconds, way)))
    return await Promise.all(
      works.map(
        async (work) =>
          await persist(`the session of ${work.name}`, patienceSeconds, async () => {
            const mine = (await this.#sessions()).filter((s) => s.state === 'running' && !this.#known.has(s.id))
            const found = mine.find((s) => s.kind === work.kind && s.door === work.wire)
            return found && { work, id: found.id }
          }),
      ),
    )
  }

  async #standUp(): Promise<string | undefined> {
    const { claviger } = this.#world
    return await inTime('all to be well', async () => {
      if (!claviger.running()) await claviger.again({ wait: false })
      const { ok, checks } = await claviger.ready()
      if (!ok) throw new Error(`/readyz says no: ${JSON.stringify(checks).slice(0, 300)}`)
      return true
    })
  }

  /** Whoever comes while nothing can be recorded sees nothing of the target, and reads why. */
  async #turnedAway(latecomer: Work): Promise<string | undefined> {
    const over = (what: string, work: Work) => inTime(what, async () => work.over() || undefined)
    const unended = await over('who came in just before to be out again', latecomer)
    if (unended !== undefined) return unended
    const before = new Set((await this.#sessions()).map(({ id }) => id))
    const newcomer = await command(this.#world.doors, this.#world.places.ssh.at)
    const trouble = await over('who comes without room to be turned away', newcomer)
    newcomer.kill()
    // an attempt of theirs is nobody else's session
    for (const { id } of await this.#sessions()) if (!before.has(id)) this.#known.add(id)
    if (trouble !== undefined || newcomer.marks().length > 0) return trouble ?? 'somebody came in without room for a recording'
    return /\[claviger\] .*(disk|room|space)/i.test(newcomer.said())
      ? undefined
      : `who was turned away reads: ${newcomer.said().slice(-300)}`
  }

  /** What is in the way of one session's having come through as it should: gone on, or ended with a word of it. */
  async #after(turn: Turn, work: Work): Promise<string | undefined> {
    const on = goesOn(turn, work.wire)
    if (!on) {
      const trouble = await inTime(`${work.name} to end`, async () => work.over() || undefined, this.#patience)
      const told = turn.fault.kind !== 'disk-full' || turn.again || /ended because it could not be recorded/.test(work.said())
      return trouble ?? (told ? undefined : `nobody told ${work.name} why it ended: ${work.said().slice(-300)}`)
    }
    const before = work.marks().length
    return await inTime(`${work.name} to go on`, async () => {
      if (work.over()) throw new Error(`it ended: ${work.said().slice(-300)}`)
      return work.marks().length > before || undefined
    })
  }

  /** Nobody is connected any more: what is said to run after a while is said to run for ever. */
  async #settled(): Promise<Loss[]> {
    const trouble = await inTime('sessions to be over', async () => {
      const open = (await this.#sessions()).filter((s) => s.state === 'opening' || s.state === 'running')
      if (open.length === 0) return true
      throw new Error(open.map((s) => `${s.id} (${s.door}, ${s.kind}) is ${s.state}`).join(', '))
    })
    return trouble === undefined ? [] : [{ kind: 'session', what: 'sessions without a connection', why: trouble }]
  }

  async #judge({ work, id }: InSession, struckAt: number, lateMs: number): Promise<Loss[]> {
    const now = await this.#ask((api) => call(api, session.getSession, { params: { id } }))
    const outcome = { session: `${id} of ${work.name}`, state: `${now.state}, ${now.endReason}`, sealed: now.recording?.state === 'sealed' }
    try {
      return lostOf(work.marks(), await this.#ask((api) => recordedOf(api, id, work)), outcome, struckAt, lateMs)
    } catch (error) {
      return [{ kind: 'recording', what: outcome.session, why: (error as Error).message }]
    }
  }

  /** Of somebody who came in while it happened: the one session of that kind that none of the others is. */
  async #sessionOf({ kind, wire }: Work, others: readonly InSession[]): Promise<Session['id'] | undefined> {
    const fresh = (await this.#sessions()).filter(({ id }) => !this.#known.has(id) && !others.some((other) => other.id === id))
    return fresh.find((s) => s.kind === kind && s.door === wire)?.id
  }

  async #sessions(): Promise<Session[]> {
    return (await this.#ask((api) => call(api, session.sessions, { query: { limit: 100 } }))).sessions
  }

  async #noteSessions(): Promise<void> {
    for (const { id } of await this.#sessions()) this.#known.add(id)
  }

  #ask<T>(question: (api: Transport) => Promise<Call<T>>): Promise<T> {
    return this.#world.people.ask('dave', question)
  }
}

/** Why it did not come about in good time. */
const inTime = (what: string, attempt: () => Promise<true | undefined>, seconds = patienceSeconds): Promise<string | undefined> =>
  persist(what, seconds, attempt).then(
    () => undefined,
    (error: Error) => error.message,
  )
