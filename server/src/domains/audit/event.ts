import type { z } from 'zod'

type Json = z.core.util.JSONType

/**
 * How a field may appear in the ledger. There is no default: an unmarked field does not compile. `shown` stands in the entry;
 * `personal` (names, free text, addresses) stands as a salted commitment, its value beside the log where it can be erased.
 */
export type Mark = 'shown' | 'personal'

type FieldsOf<F extends Record<string, Mark>> = { [K in keyof F]: F[K] extends 'personal' ? string | null : Json }

/** Something that happened, as the domain where it happened says it. */
export interface AuditEvent {
  act: string
  fields: Record<string, Json>
  personal: Record<string, string>
}

/** Declares an event beside the use case that records it: `auditEvent('access.approved', { request: 'shown', reason: 'personal' })`. */
export function auditEvent<const F extends Record<string, Mark>>(act: string, marks: F): (fields: FieldsOf<F>) => AuditEvent {
  return (given) => {
    const event: AuditEvent = { act, fields: {}, personal: {} }
    for (const [name, mark] of Object.entries(marks)) {
      const value = given[name] as Json
      if (mark === 'shown') event.fields[name] = value ?? null
      else if (value !== null && value !== undefined) event.personal[name] = String(value)
    }
    return event
  }
}
