import { setTimeout as sleep } from 'node:timers/promises'
import type { inventory } from '@claviger/api'
import type { Claviger } from '../../support/claviger.ts'
import { vaultedCredentials } from '../losses/vault.ts'
import type { Cut } from './plan.ts'
import type { Struck } from './targets.ts'
import type { Reached, Watch } from './watch.ts'

/** Bytes that such an act sent and was answered, on a network that was well. */
export type Learned = Map<string, { sent: number; answered: number }>
const key = (on: Struck, step: string) => `${on.name} ${step}`
const after = { changing: 'changed', 'trying a login': 'tried a login' } as const
type Before = keyof typeof after
const isBefore = (step: string): step is Before => step in after

/** One that is to be cut, and what became of that. */
export interface Cutting {
  on: Struck
  account: inventory.Account
  cut: Cut
  /** Undefined while it was not cut; then whether the target had applied the change. */
  applied?: boolean
}

/** Sets the networks up for the rotations of these accounts, and learns from each act that nobody disturbs. `over` when their rotations are. */
export function cutNetworks(claviger: Claviger, watch: Watch, all: readonly Cutting[], learned: Learned): void {
  /** Bytes after which its network breaks, for the act that it is in; `spent` when that is over. */
  const armed = new Map<Cutting, number | 'spent'>()
  const follow = async (one: Cutting, { step, ok }: Reached): Promise<void> => {
    const { on, cut, account } = one
    const { road } = on
    if (!road) return
    if (isBefore(step)) {
      await road.mend() // and counts anew
      const usual = learned.get(key(on, step))
      if (cut.step !== step || armed.has(one) || !usual) return
      const budget = cut.last === undefined ? Math.floor(usual[cut.which] * cut.share) : Math.max(0, usual[cut.which] - cut.last)
      armed.set(one, budget)
      return road.breakAfter(cut.which, budget)
    }
    const before = (Object.keys(after) as Before[]).find((name) => after[name] === step)
    if (!before) return
    const budget = armed.get(one)
    if (typeof budget === 'number') {
      armed.set(one, 'spent')
      if (!ok && road[cut.which] >= budget) {
        await sleep(100) // what was delivered is worked off
        const candidates = await vaultedCredentials(claviger, ['candidate'])
        const candidate = candidates.find((v) => v.account === account.id)
        one.applied = candidate !== undefined && (await on.refusal(account.name, candidate)) === undefined
      }
    } else if (ok) learned.set(key(on, before), { sent: road.sent, answered: road.answered })
    await road.mend()
  }
  watch.asks((reached) => {
    const one = all.find(({ account }) => account.id === reached.account)
    if (one) void follow(one, reached).finally(() => reached.go())
    else reached.go()
  })
}
