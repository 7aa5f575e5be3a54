import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLabSeal } from '../../../lab/open-seal.ts'
import { removeLater } from '../../../server/src/platform/process/remove-later.fixture.ts'
import type { Claviger } from '../../support/claviger.ts'
import { entriesOf, exportOf } from '../losses/ledger.ts'
import { persist } from '../patience.ts'
import { People } from '../people.ts'
import { type Random, randomFrom } from '../random.ts'
import type { Report } from '../report.ts'
import { kill } from '../rotation/kill.ts'
import type { Part } from '../rotation/plan.ts'
import { Claims } from './claims.ts'
import { whatTheLedgerSays } from './ledger-says.ts'
import { type CheckOutWorld, openCheckOutWorld } from './world.ts'

const sizes = { quick: { claimants: 100, kills: 4 }, full: { claimants: 1_000, kills: 25 } }
/** Servers in the wrong order give the account on too early at every turn. */
const wrongOrder = { claimants: 30, kills: 1 }

/** `npm run faults -- checkout`. `order`: servers that give the account to the next too early, which the suite has to see. */
export async function checkOutSuite(report: Report, seed: number, size: 'quick' | 'full', order?: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'claviger-claims-'))
  chmodSync(work, 0o711)
  const random = randomFrom(seed)
  report.say('starting two servers on one database, and people')
  const world = await openCheckOutWorld(size, work, order !== undefined)
  const close = async () => {
    await world.close()
    removeLater(work)
  }
  // nobody stops the servers for us: they are in process groups of their own
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close().finally(() => process.exit(130)))
  try {
    await runClaims(world, random, report, order === undefined ? sizes[size] : wrongOrder)
  } finally {
    await close()
  }
}

async function runClaims(world: CheckOutWorld, random: Random, report: Report, size: { claimants: number; kills: number }): Promise<void> {
  const claims = new Claims(world, random)
  const turns = claims.takeTurns()
  report.say(`${size.claimants} claim ${world.account.name}@${world.on.name} at once`)
  await claims.fileAll(size.claimants)
  report.say('all have claimed it; servers are killed while they wait')
  for (let number = 0; number < size.kills; number++) await strike(world, claims, random, report)
  await claims.giveUp()
  claims.end()
  await turns
  const people = new People(world.two.a)
  const lines = (await exportOf({ people, claviger: world.two.a })).split('\n').filter(Boolean)
  const { holders, losses } = whatTheLedgerSays(entriesOf(lines), world.account.id)
  report.lost([...claims.losses, ...losses])
  report.say(`${holders} of ${size.claimants} had it in turn, the others gave up`)
}

/** One part of one server, or both servers at once. Survived: all is well again, and the account goes on from hand to hand. */
async function strike({ two }: CheckOutWorld, claims: Claims, random: Random, report: Report): Promise<void> {
  const part = random.shuffled(['api', 'api', 'keeper', 'supervisor', 'everything'] as const)[0] as Part
  const which = random.shuffled([[two.a], [two.b], [two.a], [two.b], [two.a, two.b]])[0] as Claviger[]
  const afterMs = random.between(200, 4_000)
  await sleep(afterMs)
  const before = claims.turns
  const began = performance.now()
  for (const server of which) kill(server, part)
  const trouble = await persist('the next turn', 300, async () => {
    for (const server of which) await standUp(server)
    return claims.turns > before + 1 ? true : undefined
  }).then(
    () => undefined,
    (error: Error) => error.message,
  )
  const names = which.map((server) => (server === two.a ? 'A' : 'B')).join(' and ')
  report.injected({
    ...{ where: `turn ${before + 1}`, what: `${part} of ${names} killed`, trouble, seconds: (performance.now() - began) / 1000 },
    facts: { turn: before + 1, fault: 'kill', part, servers: names, afterMs },
  })
}

/** A keeper that was killed comes back sealed, as custodians made it: they bring their shares again. */
async function standUp(server: Claviger): Promise<void> {
  if (!server.running()) await server.again({ wait: false })
  const ready = await server.ready()
  if (ready.ok) return
  await openLabSeal({ data: server.data, server: server.base })
  throw new Error(`not ready: ${JSON.stringify(ready.checks).slice(0, 300)}`)
}
