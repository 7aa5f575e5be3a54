import { fail, type Result } from '../../kernel/result.ts'
import type { Dial, OpenTarget, TargetKind } from '../../targets/contract.ts'
import type { InventoryError } from './errors.ts'

/** The kinds of target that this server supports, opened with its dialer. */
export interface Kinds {
  open(kind: string, settings: unknown): Result<OpenTarget, InventoryError>
  capabilities(kind: string): readonly string[]
}

export function createKinds(kinds: readonly TargetKind[], dial: Dial): Kinds {
  const byName = new Map(kinds.map((k) => [k.name, k]))
  return {
    open: (kind, settings) =>
      byName.get(kind)?.open(settings, dial) ?? fail({ code: 'inventory.kind_unknown', kind, kinds: [...byName.keys()] }),
    capabilities: (kind) => byName.get(kind)?.capabilities ?? [],
  }
}
