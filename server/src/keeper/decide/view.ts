import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent, FactKind } from '../facts/fact.ts'
import type { Fact, FactReader } from '../facts/fact-reader.ts'

export interface NewFact {
  kind: FactKind
  revision: number
  content: FactContent
}

/** The rows as they will be once a batch is written: what the batch brings, over what the database holds. */
export interface FactView {
  read(kind: FactKind, id: string): Promise<Result<Fact, KeeperRefusal>>
  /** The row before this batch; undefined when the batch makes it. */
  before(kind: FactKind, id: string): Promise<Result<Fact | undefined, KeeperRefusal>>
  approvalsOf(request: string): Promise<Result<FactContent[], KeeperRefusal>>
}

export function viewOver(facts: FactReader, batch: readonly NewFact[]): FactView {
  const brought = (kind: FactKind, id: string) => batch.find((f) => f.kind === kind && f.content.id === id)
  return {
    read: async (kind, id) => {
      const fresh = brought(kind, id)
      return fresh ? ok({ content: fresh.content, revision: fresh.revision }) : await facts.read(kind, id)
    },
    before: (kind, id) => facts.find(kind, id),
    async approvalsOf(request) {
      const stored = await facts.where('approval', { request_id: request })
      if (!stored.ok) return stored
      const fresh = batch.filter((f) => f.kind === 'approval' && f.content.request_id === request).map((f) => f.content)
      return ok([...stored.value.map((f) => f.content).filter((a) => !fresh.some((f) => f.id === a.id)), ...fresh])
    },
  }
}
