import type { session } from '@claviger/api'
import type { Tone } from './access.ts'

type Statement = session.Statement
export type Outcome = Statement['outcome']

export const outcomes: Record<Outcome, { word: string; tone: Tone }> = {
  ok: { word: 'Done', tone: 'over' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'wait' },
  cut: { word: 'Cut off', tone: 'bad' },
  open: { word: 'No end', tone: 'wait' },
}

/** 0.4 → `0.4 ms`, 1234 → `1.23 s`, 90000 → `1 min 30 s`; a dash where no end was recorded. */
export function took(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** Those that hold the text, in SQL, parameters or error, and came to that end. */
export function filterStatements(all: readonly Statement[], text: string, outcome: Outcome | undefined): Statement[] {
  const wanted = text.trim().toLowerCase()
  return all.filter((s) => {
    if (outcome !== undefined && s.outcome !== outcome) return false
    return (
      wanted === '' || [s.sql, s.message ?? '', ...s.parameters.map((p) => p ?? '')].some((part) => part.toLowerCase().includes(wanted))
    )
  })
}

/** How high a value stands among others, 0 to 1, on a scale where ten times more is one step: a query of a minute hides none of a millisecond. */
export function heights(values: readonly (number | null)[]): number[] {
  const most = Math.log10(1 + Math.max(0, ...values.map((v) => v ?? 0)))
  return values.map((v) => (v === null || most === 0 ? 0 : Math.log10(1 + v) / most))
}

/** What a reader must know before believing that they see all of a statement. */
export const remarks = (s: Statement): string[] =>
  [
    s.masked && 'What may be a password was masked',
    s.truncated && 'Not all of it was recorded',
    s.shortened && `Only its beginning is shown: it has ${s.length.toLocaleString('en-GB')} bytes, and the export has all of them`,
    s.sameTextAs !== null && `Its whole text stands in statement ${s.sameTextAs}`,
    s.sameParametersAs !== null && `Its parameters stand in statement ${s.sameParametersAs}`,
    s.escaped && 'Bytes that are no text in its encoding stand as \\xHH',
    s.unsureEncoding && 'It was sent ahead of an answer that may have changed its encoding',
  ].filter((remark) => remark !== false)
