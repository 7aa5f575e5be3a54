import { audit, call } from '@claviger/api'
import { verifyLedger } from '../../../cli/src/verify/index.ts'
import { fetchAgain } from '../people.ts'
import type { World } from '../world.ts'
import type { Loss } from './loss.ts'

/** What a stranger keeps outside: the newest checkpoint and whose signature it bears. */
export interface Kept {
  note: string
  verifierKey: string
}

export interface EntryBytes {
  id: string
  act: string
  phase: string
  intent: string | null
  fields: Record<string, unknown>
}

export const keepCheckpoint = async ({ people }: Pick<World, 'people'>): Promise<Kept> => {
  const { note, verifierKey } = await people.ask('dave', (api) => call(api, audit.checkpoint))
  return { note, verifierKey }
}

/** Verifies the export offline against what was kept before the faults, and looks for intents that nobody closed. */
export async function lostHistory(world: Pick<World, 'people' | 'claviger'>, kept: Kept): Promise<Loss[]> {
  const text = await exportOf(world)
  const lines = text.split('\n').filter((line) => line !== '')
  const verdict = await verifyLedger(lines, { checkpoint: kept.note, verifierKey: kept.verifierKey })
  const losses: Loss[] = verdict.findings.map((f) => ({ kind: 'ledger', what: f.code, why: f.message }))
  if (!verdict.ok && losses.length === 0) losses.push({ kind: 'ledger', what: 'the whole', why: 'it is not anchored' })
  return [...losses, ...openIntents(lines)]
}

export async function exportOf({
  people,
  claviger,
}: Pick<World, 'people'> & { claviger: Pick<World['claviger'], 'base'> }): Promise<string> {
  const { token } = await people.person('dave')
  const response = await fetchAgain(`${claviger.base}${audit.exportLedger.path}`, {
    headers: { 'x-claviger': '1', authorization: `Bearer ${token}` },
  })
  if (!response.ok) throw new Error(`the ledger could not be exported: ${response.status}`)
  return await response.text()
}

/** The entries of an export, in the order of their places. */
export const entriesOf = (lines: readonly string[]): EntryBytes[] =>
  lines.flatMap((line): EntryBytes[] => {
    const { bytes } = JSON.parse(line) as { bytes?: string }
    return bytes === undefined ? [] : [JSON.parse(Buffer.from(bytes, 'base64').toString('utf8')) as EntryBytes]
  })

/** Intents without an outcome. An interrupted session's outcome names the session instead (docs/formats.md). */
export function openIntents(lines: readonly string[]): Loss[] {
  const entries = entriesOf(lines)
  const closed = new Set(entries.filter((e) => e.phase === 'outcome').flatMap((e) => [e.intent, e.fields.session]))
  return entries
    .filter((e) => e.phase === 'intent' && !closed.has(e.id) && !closed.has(e.fields.session ?? ''))
    .map((e) => ({ kind: 'intent', what: `${e.act} ${e.id}`, why: `it has no outcome: ${JSON.stringify(e.fields).slice(0, 200)}` }))
}
