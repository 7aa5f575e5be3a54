import { Readable } from 'node:stream'
import { type AnswerOf, audit as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { readEntry } from '../../keeper/ledger/entry.ts'
import type { Explained } from '../../kernel/errors.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, onRaw, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import type { Audit } from './act.ts'
import { type EntryRow, newestCheckpoint, personalOf } from './audit.view.ts'
import { auditEvent } from './event.ts'
import { exportLedger } from './export-ledger.ts'
import { idsIn } from './ids-in.ts'
import type { LedgerIndex } from './ledger-index.ts'
import { checkpointOver } from './newest-checkpoint.ts'
import { readNote } from './note.ts'
import { proofRoutes } from './proof.routes.ts'
import { alarmsPerDay, type LedgerFilter, searchLedger } from './search-ledger.view.ts'

const exported = auditEvent('audit.exported', { size: 'shown' })
const notDiverged = {
  code: 'ledger.not_diverged',
  message: 'There is nothing to acknowledge: the log is what was signed.',
}
const readAnother = {
  code: 'ledger.changed_since_read',
  message: 'What is wrong with the log is not what you read any more. Read it again before you acknowledge it.',
}
/** How the acts of alarms begin. */
const alarms = 'alarm.'
type Shown = AnswerOf<typeof api.ledger>['entries'][number]

export interface AuditRoutesDeps {
  db: Db
  keeper: Keeper
  audit: Audit
  /** What the log is searched by. */
  index: LedgerIndex
  /** Who acknowledges, by name and password: nobody can be signed in while the log is not what was signed. */
  officer(given: { name: string; password: string; source: string }): Promise<Result<PersonId, Explained>>
  /** What people call what an id names; those without a name are left out. The log itself knows ids alone. */
  namesOf(ids: readonly string[]): Promise<Record<string, string>>
  /** Where passkeys can be used; null: nowhere. */
  passkeysAt: string | null
  /** What follows the beginning of a new epoch. */
  whenAcknowledged(): Promise<void>
}

export function auditRoutes(deps: AuditRoutesDeps): RouteHandler[] {
  const { db, keeper, audit, index } = deps
  const verifierKey = async (): Promise<string> => {
    const status = await keeper.ask('status', {})
    return status.ok ? status.value.verifierKey : ''
  }
  const placeOf = (after: string | undefined) => (after !== undefined && /^\d{1,15}$/.test(after) ? Number(after) : undefined)
  const list = async (filter: Omit<LedgerFilter, 'before'>, after: string | undefined): Promise<Shown[]> => {
    await index.catchUp()
    return await show(db, await searchLedger(db, { ...filter, before: placeOf(after) }))
  }

  return [
    on(api.ledger, async ({ query }) => {
      const { act, phase, by, about, search: text, limit } = query
      const [from, to] = [query.from, query.to].map((t) => (t === undefined ? undefined : new Date(t)))
      const entries = await list({ act, phase, by, about, text, from, to, limit }, query.after)
      // those that were asked for as well: a page about somebody says who, also when nothing is found
      const asked = [by, about].filter((id) => id !== undefined)
      const names = await deps.namesOf([...asked, ...idsIn(entries)])
      return ok({ entries, size: (await newestCheckpoint(db))?.size ?? 0, names })
    }),
    on(api.alarms, async ({ query }) => {
      const found = await list({ act: alarms, limit: query.limit }, query.after)
      return ok({ alarms: found, names: await deps.namesOf(idsIn(found)) })
    }),
    on(api.alarmDays, async ({ query }) => {
      await index.catchUp()
      return ok({ days: await alarmsPerDay(db, new Date(Date.now() - query.days * 86_400_000)) })
    }),
    ...proofRoutes({ db, index, verifierKey, show, namesOf: deps.namesOf }),
    on(api.checkpoint, async () => {
      const status = await keeper.ask('status', {})
      const verifierKey = status.ok ? status.value.verifierKey : ''
      // what our keeper signed or followed; the database may show another server's, or an old one
      if (status.ok && status.value.note !== '') return ok({ note: status.value.note, size: readNote(status.value.note).size, verifierKey })
      const newest = await newestCheckpoint(db)
      return ok({ note: newest?.note ?? '', size: newest?.size ?? 0, verifierKey })
    }),
    on(api.ledgerState, async () => {
      const status = await keeper.ask('status', {})
      if (!status.ok) return fail(explainKeeper(status.error))
      const { state, message, officers, epoch } = status.value
      const diverged = state === 'diverged'
      const { acknowledged, needed } = officers
      return ok({ diverged, why: diverged ? message : null, officers: acknowledged, needed, epoch, passkeysAt: deps.passkeysAt })
    }),
    on(api.acknowledge, async ({ body: { name, password, code, read }, source }) => {
      const status = await keeper.ask('status', {})
      if (!status.ok) return fail(explainKeeper(status.error))
      if (status.value.state !== 'diverged') return fail(explainKeeper(notDiverged))
      if (read !== undefined && read !== status.value.message) return fail(explainKeeper(readAnother))
      const officer = await deps.officer({ name, password, source })
      if (!officer.ok) return officer
      const acknowledged = await keeper.ask('acknowledge', { person: officer.value, code })
      if (!acknowledged.ok) return fail(explainKeeper(acknowledged.error))
      if (acknowledged.value.ready) await deps.whenAcknowledged()
      return ok(acknowledged.value)
    }),
    onRaw(api.exportLedger, async (incoming) => {
      const before = (await newestCheckpoint(db))?.size ?? 0
      // who took a copy is part of the copy: the entry stands before the export begins
      await audit.note(exported({ size: before }), signedIn(incoming).person)
      const newest = await checkpointOver(db, before)
      const body = Readable.from(exportLedger(db, { ...newest, verifierKey: await verifierKey() }))
      return ok({ type: 'application/jsonl; charset=utf-8', body, fileName: `ledger-${newest.size}.jsonl` })
    }),
  ]
}

async function show(db: Db, rows: readonly EntryRow[]): Promise<Shown[]> {
  const personal = Map.groupBy(
    await personalOf(
      db,
      rows.map((r) => r.id),
    ),
    (p) => p.entry_id,
  )
  return rows.flatMap((row) => {
    const entry = readEntry(row.bytes)
    if (!entry) return []
    const { id, at, act, phase, by, fields } = entry
    return [
      {
        place: row.place,
        id,
        at,
        act,
        phase,
        by,
        fields,
        personal: Object.fromEntries((personal.get(row.id) ?? []).map((p) => [p.field, p.value])),
      },
    ]
  })
}
