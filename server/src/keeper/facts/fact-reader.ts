import type pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { KeeperKeys } from '../keys.ts'
import type { Notary } from '../ledger/notary.ts'
import { refuse } from '../refuse.ts'
import { contentOf, digestOf, type FactContent, type FactKind } from './fact.ts'
import { type FactRow, idsWhere, type Match, readFactRow, readFactRows } from './facts.store.ts'
import { factColumns } from './tables.ts'

export interface Fact {
  content: FactContent
  revision: number
}

/** Reads rows that decide access and believes none of them: each must carry our MAC and be the latest that the ledger knows. */
export interface FactReader {
  read(kind: FactKind, id: string): Promise<Result<Fact, KeeperRefusal>>
  /** Like `read`, with undefined for a row that never was. A row that the ledger knows and the database lacks is forged away. */
  find(kind: FactKind, id: string): Promise<Result<Fact | undefined, KeeperRefusal>>
  /** The same as `read` for each of these, in their order; one query where all are current. */
  readAll(kind: FactKind, ids: readonly string[]): Promise<Result<Fact[], KeeperRefusal>>
  /** All rows of a kind that say this, each checked. Rows taken away are not noticed here: use it for adding up yes, never for no. */
  where(kind: FactKind, match: Match): Promise<Result<Fact[], KeeperRefusal>>
}

/** How long a row may be ahead of the ledger: its entry is committed with it and signed within milliseconds. */
const patienceMs = 3_000

export function createFactReader(deps: {
  pool: pg.Pool
  keys: KeeperKeys
  notary: Notary
  alarm: (kind: FactKind, id: string, why: string) => Promise<void>
}): FactReader {
  const { pool, keys, notary, alarm } = deps

  const forged = async (kind: FactKind, id: string, why: string) => {
    await alarm(kind, id, why)
    return refuse(
      'keeper.forged_row',
      `The ${kind.replace('_', ' ')} ${id} is not what was attested: ${why}. Nothing opens on it; an alarm was raised. Ask a security officer.`,
      { kind, id },
    )
  }

  const judge = (kind: FactKind, id: string, found: FactRow): 'current' | 'ahead' | 'behind' | 'not_ours' | 'other' => {
    const content = contentOf(factColumns[kind], found.row)
    const digest = digestOf(kind, content)
    if (!keys.isOurs({ kind, id, revision: found.revision, digest, mac: found.mac.toString('hex') })) return 'not_ours'
    const head = notary.head(kind, id)
    if (!head || found.revision > head.revision) return 'ahead'
    if (found.revision < head.revision) return 'behind'
    return digest === head.digest ? 'current' : 'other'
  }

  const find = async (kind: FactKind, id: string): Promise<Result<Fact | undefined, KeeperRefusal>> => {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const found = await readFactRow(pool, kind, id)
      if (!found) return notary.head(kind, id) ? await forged(kind, id, 'the row was deleted') : ok(undefined)
      const verdict = judge(kind, id, found)
      if (verdict === 'current') return ok({ content: contentOf(factColumns[kind], found.row), revision: found.revision })
      if (verdict === 'not_ours') return await forged(kind, id, 'its content does not match its seal')
      if (verdict === 'other') return await forged(kind, id, 'another content was recorded for this revision')
      if (Date.now() >= deadline) {
        if (verdict === 'behind') return await forged(kind, id, 'an older revision was put back')
        return refuse(
          'keeper.not_recorded',
          `The ledger has not recorded this ${kind} yet. Try again; if it stays so, look at the health page.`,
          { kind, id },
        )
      }
      // behind: we may have read the row a moment before its newest revision was committed; ahead: its entry is being signed
      await notary.nextBatch(verdict === 'behind' ? 50 : Math.max(1, deadline - Date.now()))
      if (verdict === 'behind' && Date.now() < deadline - patienceMs + 500) continue
      if (verdict === 'behind') return await forged(kind, id, 'an older revision was put back')
    }
  }

  const read: FactReader['read'] = async (kind, id) => {
    const found = await find(kind, id)
    if (!found.ok) return found
    return found.value ? ok(found.value) : refuse('keeper.unknown_row', `There is no ${kind.replace('_', ' ')} ${id}.`, { kind, id })
  }

  const readAll: FactReader['readAll'] = async (kind, ids) => {
    if (ids.length === 0) return ok([])
    const rows = await readFactRows(pool, kind, ids)
    const facts: Fact[] = []
    for (const id of ids) {
      const found = rows.get(id)
      // whatever is not as it should be is looked at again alone, with patience and alarms
      const current = found && judge(kind, id, found) === 'current'
      const fact = current ? ok({ content: contentOf(factColumns[kind], found.row), revision: found.revision }) : await read(kind, id)
      if (!fact.ok) return fact
      facts.push(fact.value)
    }
    return ok(facts)
  }

  return {
    find,
    read,
    readAll,
    async where(kind, match) {
      const facts = await readAll(kind, await idsWhere(pool, kind, match))
      if (!facts.ok) return facts
      return ok(facts.value.filter(({ content }) => Object.entries(match).every(([column, value]) => content[column] === value)))
    },
  }
}
