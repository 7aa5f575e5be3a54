import { setTimeout as sleep } from 'node:timers/promises'
import type { inventory } from '@claviger/api'
import type { Random } from '../random.ts'
import type { Report } from '../report.ts'
import { type Cutting, cutNetworks, type Learned } from './cut-network.ts'
import { Flights, type InFlight } from './flight.ts'
import { judge } from './judge.ts'
import { kill } from './kill.ts'
import { atOnce, type Batch, type Part } from './plan.ts'
import type { Struck } from './targets.ts'
import type { RotationWorld } from './world.ts'

/** An account whose rotation takes part in a batch. */
interface Chosen {
  on: Struck
  account: inventory.Account
}
/** A fault that met a rotation in flight. */
interface Hit {
  account: string
  step: string
  what: string
  facts: object
}

const patienceSeconds = 240
/** A rotation that cannot come to its end keeps nobody waiting who looks for just that. */
const patienceForLost = 30

/** Takes every account over; then batch after batch, each judged when all that was ordered is over, and in the end every account once more. */
export async function runRotations(
  world: RotationWorld,
  batches: readonly Batch[],
  random: Random,
  report: Report,
  { untilLost = false } = {},
): Promise<void> {
  const { targets } = world
  const learned: Learned = new Map()
  report.say(`taking over ${targets.reduce((sum, t) => sum + t.accounts.length, 0)} accounts on ${targets.length} targets`)
  await takeOver(world, learned)
  const out = new Set<string>()
  for (const [at, batch] of batches.entries()) {
    const together = batch.kind !== 'cuts' && batch.together
    const chosen = together ? chooseTogether(targets, out, at) : choose(targets, out, random, at, batch.kind === 'cuts')
    const began = performance.now()
    const hits = batch.kind === 'cuts' ? await strikeNetworks(world, batch, chosen, learned) : await strikeParts(world, batch, chosen)
    const late = await world.settled(
      chosen.map((c) => c.account),
      untilLost ? patienceForLost : patienceSeconds,
    )
    const seconds = (performance.now() - began) / 1000
    for (const { on, account } of chosen) {
      const verdict = await judge(world.claviger, on, account)
      const name = `${account.name}@${on.name}`
      if (verdict.is === 'lost') report.lost([{ kind: 'credential', what: name, why: verdict.why }])
      // what is not as it was would say the same of each fault that follows
      if (verdict.is !== 'well' || late?.includes(name)) out.add(account.id)
      const trouble = verdict.is === 'well' ? (late?.includes(name) || late?.includes('/readyz') ? late : undefined) : verdict.why
      for (const hit of hits.filter((h) => h.account === account.id))
        report.injected({
          ...{ where: hit.step, what: `${on.kind} ${account.name}: ${hit.what}`, trouble, seconds },
          facts: { batch: at + 1, kind: on.kind, account: name, step: hit.step, ...hit.facts },
        })
    }
    if (untilLost && report.total.lost > 0) return
  }
  await lastLook(world, out, report)
}

async function takeOver(world: RotationWorld, learned: Learned): Promise<void> {
  const { claviger, watch, targets } = world
  // the managers' own come last: with each, one more undisturbed rotation is learnt from
  for (let at = Math.max(...targets.map((t) => t.accounts.length)) - 1; at >= 0; at--) {
    const all = targets.flatMap((on) => on.accounts.slice(at, at + 1).map((account): Chosen => ({ on, account })))
    cutNetworks(
      claviger,
      watch,
      all.map((one) => ({ ...one, cut: { step: 'changing', which: 'sent', share: 2 } })),
      learned,
    )
    await Promise.all(all.map(({ account }) => world.order(account)))
    const late = await world.settled(
      all.map((one) => one.account),
      patienceSeconds,
    )
    if (late !== undefined) throw new Error(`the accounts could not be taken over: ${late}`)
  }
  watch.asks(undefined)
  for (const on of targets)
    for (const account of on.accounts) {
      const verdict = await judge(claviger, on, account)
      if (verdict.is !== 'well') throw new Error(`${account.name}@${on.name} is not well before anything was struck: ${verdict.why}`)
      // who believes everybody would find nothing lost
      if ((await on.refusal(account.name, { kind: 'password', text: 'never-the-password-9A!', public: null })) === undefined)
        throw new Error(`${account.name}@${on.name} lets in with any password`)
    }
}

/** One account of each of several targets: of two batches one is that of the account that manages it, which logs in with what is replaced. */
function choose(targets: readonly Struck[], out: ReadonlySet<string>, random: Random, at: number, cuttable: boolean): Chosen[] {
  const able = targets.filter((on) => !cuttable || on.road)
  const turned = able.map((_, i) => able[(i + at) % able.length] as Struck)
  return turned.slice(0, atOnce).flatMap((on, i) => {
    // whoever manages the target brings the others along
    if (out.has(on.accounts[0]?.id ?? '')) return []
    const [manager, ...others] = on.accounts.filter(({ id }) => !out.has(id))
    const account = (at + i) % 2 === 0 ? manager : (random.shuffled(others)[0] ?? manager)
    return account ? [{ on, account }] : []
  })
}

/** Accounts of the same targets, and none that manages one: that would go alone. */
function chooseTogether(targets: readonly Struck[], out: ReadonlySet<string>, at: number): Chosen[] {
  const turned = targets.map((_, i) => targets[(i + at) % targets.length] as Struck).filter((on) => !out.has(on.accounts[0]?.id ?? ''))
  return turned.flatMap((on) => on.accounts.slice(1).flatMap((account) => (out.has(account.id) ? [] : [{ on, account }]))).slice(0, atOnce)
}

async function strikeParts(world: RotationWorld, batch: Exclude<Batch, { kind: 'cuts' }>, chosen: readonly Chosen[]): Promise<Hit[]> {
  const { claviger, watch } = world
  const accounts = chosen.map(({ account }) => account.id)
  const wanted = batch.kind === 'at-steps' ? new Map(accounts.map((id, i) => [id as string, batch.steps[i] as string])) : undefined
  const flights = new Flights(watch, accounts, wanted)
  const hits: Hit[] = []
  const strike = (part: Part, again: boolean): void => {
    const struck = flights.inFlight()
    const killed = kill(claviger, part)
    flights.release()
    if (killed) hits.push(...struck.map((flight) => hitOf(flight, part, again)))
  }
  try {
    const all = chosen.map(({ account }) => account)
    const asked = batch.together ? [world.orderTogether(all)] : all.map(world.order)
    if (batch.kind === 'at-steps') await within(60_000, flights.atTheirSteps)
    else await sleep(batch.afterMs)
    strike(batch.part, false)
    if (batch.kind === 'at-steps' && batch.again) {
      if (batch.part === 'supervisor' || batch.part === 'everything') {
        await within(30_000, () => !claviger.running())
        await claviger.again({ wait: false }).catch(() => undefined)
      }
      await sleep(batch.again.afterMs)
      strike(batch.again.part, true)
    }
    await Promise.race([Promise.all(asked), sleep(10_000)])
    return hits
  } finally {
    flights.close()
  }
}

const hitOf = ({ account, step, held }: InFlight, part: Part, again: boolean): Hit => ({
  ...{ account, step, what: `${part} killed${again ? ' in the recovery' : ''}` },
  facts: { fault: 'kill', part, held, again },
})

async function strikeNetworks(
  world: RotationWorld,
  { cuts }: Extract<Batch, { kind: 'cuts' }>,
  chosen: readonly Chosen[],
  learned: Learned,
): Promise<Hit[]> {
  const all = chosen.map((one, i): Cutting => ({ ...one, cut: cuts[i % cuts.length] as Cutting['cut'] }))
  cutNetworks(world.claviger, world.watch, all, learned)
  await Promise.race([Promise.all(chosen.map(({ account }) => world.order(account))), sleep(120_000)])
  await world.settled(
    chosen.map((c) => c.account),
    patienceSeconds,
  )
  world.watch.asks(undefined)
  return all.flatMap(({ account, cut, applied }): Hit[] => {
    if (applied === undefined) return []
    const when = cut.step === 'changing' ? `, ${applied ? 'after' : 'before'} the target applied the change` : ''
    const what = `network cut ${cut.which === 'sent' ? 'on the way there' : 'on the way back'}${when}`
    return [{ account: account.id, step: cut.step, what, facts: { fault: 'cut', ...cut, applied } }]
  })
}

async function within(milliseconds: number, done: () => boolean): Promise<void> {
  const end = performance.now() + milliseconds
  while (!done() && performance.now() < end) await sleep(20)
}

/** Every account that took part, also those that were not struck last. */
async function lastLook(world: RotationWorld, out: ReadonlySet<string>, report: Report): Promise<void> {
  for (const on of world.targets)
    for (const account of on.accounts.filter(({ id }) => !out.has(id))) {
      const verdict = await judge(world.claviger, on, account)
      if (verdict.is !== 'well')
        report.lost([{ kind: 'credential', what: `${account.name}@${on.name}`, why: `in the end: ${verdict.why}` }])
    }
}
