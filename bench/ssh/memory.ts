import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf } from '../../test/support/process.ts'
import type { Bench } from '../contract.ts'
import { fewestRuns, measured } from '../measurement.ts'
import { ownMemory, treeOf } from '../processes.ts'
import type { Stand } from './stand.ts'
import { type EchoTerminal, openEcho } from './terminal.ts'

/** Sessions that are opened at the same time: a door takes ten from one address that have not signed in. */
const atOnce = 6

/**
 * Memory of one session in which nobody types, recorded: what the gateway grew by. The anchor is what sshd's own processes for
 * the same sessions take on the host.
 */
export async function memory({ claviger, ours }: Stand, bench: Bench): Promise<void> {
  const metric = 'ssh.memory.idle'
  if (!bench.wanted(metric)) return
  const sessions = bench.quick ? 50 : 990
  const rounds = fewestRuns
  const step = Math.floor(sessions / rounds)
  bench.report.say(`${metric}: ${step * rounds} idle sessions, measured after each ${step}`)
  const host = childrenOf(claviger.supervisor()).find(({ command }) => command.includes('/lab/web01'))
  if (!host) throw new Error('web01 does not run')
  const open: EchoTerminal[] = []
  const gateway = () => claviger.carriers().reduce((sum, pid) => sum + ownMemory(pid), 0)
  const sshd = () => treeOf(host.pid).reduce((sum, pid) => sum + ownMemory(pid), 0)
  const [first, firstHost] = [gateway(), sshd()]
  const values = { ours: [] as number[], sshd: [] as number[] }
  try {
    for (let round = 1; round <= rounds; round++) {
      while (open.length < round * step) {
        const missing = Math.min(atOnce, round * step - open.length)
        open.push(...(await Promise.all(Array.from({ length: missing }, () => openEcho(ours, { terminal: false })))))
      }
      await sleep(2_000) // recordings are flushed within a second
      values.ours.push((gateway() - first) / open.length / 1024)
      values.sshd.push((sshd() - firstHost) / open.length / 1024)
    }
    const anchor = `sshd's own processes at ${open.length} sessions`
    bench.report.measured(measured({ metric, unit: 'KiB', anchor, better: 'lower' }, { ours: values.ours, anchor: values.sshd }))
  } finally {
    await Promise.all(open.map((one) => one.close()))
  }
}
