import { fail } from '../kernel/result.ts'
import type { KeeperRefusal } from './contract.ts'

/** Says no with a code, a sentence that ends with what to do, and facts that are no secrets. */
export const refuse = (code: string, message: string, facts?: KeeperRefusal['facts']): { ok: false; error: KeeperRefusal } =>
  fail({ code, message, ...(facts && { facts }) })

export const whyNothingOpens = (divergence: string): string =>
  `Nothing opens: ${divergence} Two security officers must acknowledge this first.`
