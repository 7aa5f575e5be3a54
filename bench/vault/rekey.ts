import { must, openHouse } from '../../server/src/domains/identity/test/house.ts'
import type { KeeperContext } from '../../server/src/keeper/context.ts'
import { anna, copyOf, olaf, startOn } from '../../server/src/keeper/test/ceremony.ts'
import { Secret } from '../../server/src/kernel/secret.ts'
import type { Bench } from '../contract.ts'
import { measured } from '../measurement.ts'

/**
 * A vault of many secrets, in the keeper alone: how long its seal takes to open (all keys unwrapped, ledger and escrow read), to close, and how long
 * until everything lies under a new location key.
 */
export async function measureRekey(bench: Bench): Promise<void> {
  if (!['vault.rekey', 'vault.unseal', 'vault.seal'].some(bench.wanted)) return
  const many = bench.quick ? 5_000 : 100_000
  const house = await openHouse()
  bench.closeWhenEnded(house.close)
  try {
    bench.report.say(`vault.rekey: ${many} secrets are put into a vault`)
    await fill(house.inside.context, many)
    const took = { rekey: [] as number[], unseal: [] as number[], seal: [] as number[] }
    const time = async (into: number[], work: () => unknown): Promise<void> => {
      const begun = performance.now()
      await work()
      into.push((performance.now() - begun) / 1000)
    }
    bench.report.say(`vault.rekey: ${bench.runs} rotations of their location key`)
    const { life, inside } = house
    for (let run = 0; run < bench.runs; run++) {
      await time(took.rekey, async () => {
        const { ticket } = must(await life.beginCeremony({ goal: 'rotate', locations: ['standard'] }, anna))
        must(await life.confirmCeremony(olaf))
        must(await life.goOn(ticket))
        while (inside.context.rewrap.busy()) await new Promise((resolve) => setTimeout(resolve, 20))
      })
      const folder = copyOf(inside.context.folder.path(''))
      let other: Awaited<ReturnType<typeof startOn>> | undefined
      await time(took.unseal, async () => {
        other = await startOn(house.keeperPool, folder)
      })
      await time(took.seal, () => other?.end())
    }
    for (const [name, values] of Object.entries(took))
      bench.report.measured(measured({ metric: `vault.${name}`, unit: 's', anchor: null, better: 'lower' }, { ours: values, anchor: null }))
  } finally {
    await house.close()
  }
}

async function fill({ vault }: KeeperContext, many: number): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < many; at = next++) {
      const owner = { kind: 'account', id: `acc_${String(at).padStart(10, '0')}`, what: 'password' }
      await vault.put(owner, 'standard', Secret.fromText(`secret number ${at}`), { state: 'current', escrow: true })
    }
  }
  await Promise.all(Array.from({ length: 32 }, lane))
}
