import type { AnswerOf, inventory as api } from '@claviger/api'
import { fail, type Result } from '../../kernel/result.ts'
import type { Dial, OpenTarget, TargetKind } from '../../targets/contract.ts'
import type { InventoryError } from './errors.ts'

/** The kinds of target that this server supports, opened with its dialer. */
export interface Kinds {
  open(kind: string, settings: unknown): Result<OpenTarget, InventoryError>
  /** Whether its settings are right; where it is by them. */
  check(kind: string, settings: unknown): Result<{ address: string }, InventoryError>
  /** Whether Claviger connects to such a target. Of a kind that is not known any more: it did. */
  reaches(kind: string): boolean
  /** Whether people may bring in such a credential of an account there. */
  takesIn(kind: string, credential: string): boolean
  capabilities(kind: string): readonly string[]
  /** What a form needs to know of each kind. */
  described(): AnswerOf<typeof api.targetKinds>['kinds']
}

export function createKinds(kinds: readonly TargetKind[], dial: Dial): Kinds {
  const byName = new Map(kinds.map((k) => [k.name, k]))
  return {
    open: (kind, settings) =>
      byName.get(kind)?.open(settings, dial) ?? fail({ code: 'inventory.kind_unknown', kind, kinds: [...byName.keys()] }),
    check: (kind, settings) =>
      byName.get(kind)?.check(settings) ?? fail({ code: 'inventory.kind_unknown', kind, kinds: [...byName.keys()] }),
    reaches: (kind) => byName.get(kind)?.reached ?? true,
    takesIn: (kind, credential) => byName.get(kind)?.broughtKinds.some((one) => one === credential) ?? false,
    capabilities: (kind) => byName.get(kind)?.capabilities ?? [],
    described: () =>
      kinds.map(({ name, reached, capabilities, credentialKinds, broughtKinds, settings }) => ({
        name,
        reached,
        capabilities: [...capabilities],
        credentialKinds: [...credentialKinds],
        broughtKinds: [...broughtKinds],
        settings: settings.map((setting) => ({ ...setting, choices: [...setting.choices] })),
      })),
  }
}
