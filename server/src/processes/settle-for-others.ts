import type { Db } from '../platform/db/open-db.ts'
import { listNodes } from '../platform/nodes/index.ts'

/** So long nothing is heard of a node before what it had begun is taken for lost. */
const silentSeconds = 600
const everyMs = 60_000

/** Settles what this part of nodes that are gone left open, once a minute. Any node may do it, and one of them does. */
export function settleForOthers(
  { db, log }: { db: Db; log: (line: string) => void },
  { part, own }: { part: 'api' | 'gateway'; own: string },
  settle: (silent: readonly string[]) => Promise<unknown>,
): { stop(): void } {
  const look = async (): Promise<void> => {
    const others = (await listNodes(db)).filter((n) => n.part === part && n.node !== own)
    await settle(others.filter((n) => n.silent > silentSeconds).map((n) => n.node))
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => log(`what silent nodes left open could not be settled: ${String(error)}`))
  }, everyMs)
  return { stop: () => clearInterval(timer) }
}
