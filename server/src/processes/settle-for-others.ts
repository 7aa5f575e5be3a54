import { type RecoverDeps, recoverSessionsOf } from '../domains/session/index.ts'
import { listNodes } from '../platform/nodes/index.ts'

/** So long nothing is heard of a node before its sessions are taken for lost. */
const silentSeconds = 600
const everyMs = 60_000

/** Settles what nodes that are gone left open, once a minute. Any node may do it, and one of them does. */
export function settleForOthers(deps: RecoverDeps, own: string): { stop(): void } {
  const look = async (): Promise<void> => {
    const gateways = (await listNodes(deps.db)).filter((n) => n.part === 'gateway' && n.node !== own)
    await recoverSessionsOf(
      deps,
      gateways.filter((n) => n.silent > silentSeconds).map((n) => n.node),
    )
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => deps.log(`sessions of silent nodes could not be settled: ${String(error)}`))
  }, everyMs)
  return { stop: () => clearInterval(timer) }
}
