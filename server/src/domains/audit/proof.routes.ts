import { type AnswerOf, audit as api } from '@claviger/api'
import { readEntry } from '../../keeper/ledger/entry.ts'
import type { Explained, HttpRefusal } from '../../kernel/errors.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler } from '../../platform/http/handler.ts'
import { checkpointAt, type EntryRow, entryById, newestCheckpoint, newestCheckpoints, personalOf } from './audit.view.ts'
import { idsIn } from './ids-in.ts'
import type { LedgerIndex } from './ledger-index.ts'
import { readNote } from './note.ts'
import { proveConsistency, proveInclusion } from './prove.ts'

type Shown = AnswerOf<typeof api.ledger>['entries'][number]
interface Deps {
  db: Db
  index: LedgerIndex
  verifierKey(): Promise<string>
  show(db: Db, rows: readonly EntryRow[]): Promise<Shown[]>
  namesOf(ids: readonly string[]): Promise<Record<string, string>>
}

const no = (http: HttpRefusal, code: string, message: string): Result<never, Explained> => fail({ http, body: { code, message } })
const noEntry = (id: string) => no(404, 'ledger.entry_unknown', `The log has no entry ${id}. Look for it in the list.`)
const noCheckpoint = (size: number) =>
  no(404, 'ledger.checkpoint_unknown', `No checkpoint over ${size} entries was signed. Choose one from the list of checkpoints.`)
const broken = () =>
  no(
    409,
    'ledger.not_as_signed',
    'The tables do not lead to what was signed, so there is no proof. Run claviger audit verify: it names what was changed.',
  )

/** One entry as it stands, and proofs that it stands there, which whoever asks checks without us. */
export function proofRoutes({ db, index, verifierKey, show, namesOf }: Deps): RouteHandler[] {
  return [
    on(api.ledgerEntry, async ({ params: { id } }) => {
      const row = await entryById(db, id)
      const [shown] = row ? await show(db, [row]) : []
      const entry = row && readEntry(row.bytes)
      if (!row || !shown || !entry) return noEntry(id)
      const beside = (await personalOf(db, [id])).map((p) => [p.field, { value: p.value, salt: p.salt.toString('base64') }] as const)
      return ok({
        ...shown,
        bytes: row.bytes.toString('base64'),
        origin: row.origin,
        committed: entry.committed,
        beside: Object.fromEntries(beside),
        attests: entry.attests,
        intent: entry.intent,
        names: await namesOf(idsIn([entry])),
      })
    }),
    on(api.checkpoints, async ({ query }) => {
      const found = await newestCheckpoints(db, { covering: query.covering ?? 1, before: query.before, limit: query.limit })
      return ok({ checkpoints: found.map(({ size, note }) => ({ size, time: readNote(note).time })) })
    }),
    on(api.inclusionProof, async ({ params: { id }, query }) => {
      const row = await entryById(db, id)
      if (!row?.place) return noEntry(id)
      await index.catchUp()
      const checkpoint = query.size === undefined ? await newestCheckpoint(db) : await checkpointAt(db, query.size)
      if (!checkpoint) return noCheckpoint(query.size ?? 0)
      if (checkpoint.size < row.place)
        return no(
          409,
          'ledger.not_covered',
          `The checkpoint over ${checkpoint.size} entries was signed before entry ${row.place}. Choose a later one.`,
        )
      const { root, log } = readNote(checkpoint.note)
      const path = await proveInclusion(db, row.place, checkpoint.size, row.bytes, root)
      if (!path) return broken()
      return ok({
        ...{ format: 'claviger-inclusion-proof' as const, version: 1 as const, log, verifierKey: await verifierKey() },
        entry: { place: row.place, id: row.id, bytes: row.bytes.toString('base64') },
        path: path.map((hash) => hash.toString('base64')),
        checkpoint: checkpoint.note,
      })
    }),
    on(api.consistencyProof, async ({ query: { from, to } }) => {
      await index.catchUp()
      const [first, second] = [await checkpointAt(db, from), to === undefined ? await newestCheckpoint(db) : await checkpointAt(db, to)]
      if (!first) return noCheckpoint(from)
      if (!second) return noCheckpoint(to ?? 0)
      if (first.size > second.size) return no(422, 'ledger.wrong_order', 'The earlier checkpoint comes first: swap from and to.')
      const path = await proveConsistency(db, first.size, second.size)
      return ok({
        ...{
          format: 'claviger-consistency-proof' as const,
          version: 1 as const,
          log: readNote(second.note).log,
          verifierKey: await verifierKey(),
        },
        path: path.map((hash) => hash.toString('base64')),
        first: first.note,
        second: second.note,
      })
    }),
  ]
}
