import { ok, type Result } from '../kernel/result.ts'
import type { Keeper } from './client.ts'
import type { Authority, KeeperRefusal } from './contract.ts'
import { type Attestation, contentOf, type FactKind } from './facts/fact.ts'
import { factColumns } from './facts/tables.ts'

export interface NewRow {
  kind: FactKind
  revision: number
  /** Columns as the database will hold them; those that decide nothing are left aside. */
  row: Readonly<Record<string, unknown>>
}
export type MacOf = (id: string) => Buffer

/** Has the keeper attest the rows of one act, all or none. Answers what the ledger entry carries, and the MAC that each row stores. */
export async function attest(
  keeper: Keeper,
  rows: readonly NewRow[],
  authority: Authority,
): Promise<Result<{ attestations: Attestation[]; macOf: MacOf; presence: string | null }, KeeperRefusal>> {
  const asked = rows.map(({ kind, revision, row }) => ({ kind, revision, content: contentOf(factColumns[kind], row) }))
  const answer = await keeper.ask('attest', { rows: asked as never, authority })
  if (!answer.ok) return answer
  const { attestations, presence } = answer.value
  const macs = new Map(attestations.map((a) => [a.id, Buffer.from(a.mac, 'hex')]))
  const macOf: MacOf = (id) => {
    const mac = macs.get(id)
    if (!mac) throw new Error(`the keeper attested no row ${id}`)
    return mac
  }
  return ok({ attestations, macOf, presence })
}

/** A request that comes with a code is for exactly this act; in the first run the setup token stands in for it. */
export function authorityOf(
  who: { person: string } | undefined,
  code: string | undefined,
  setupToken: string | undefined,
): Authority | undefined {
  if (who && code !== undefined) return { by: 'stepUp', person: who.person, code }
  if (setupToken !== undefined) return { by: 'setup', token: setupToken }
  return undefined
}
