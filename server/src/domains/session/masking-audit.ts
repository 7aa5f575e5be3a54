import type { Act, Audit, AuditEvent } from '../audit/index.ts'
import { maskCards } from '../recording/index.ts'

/** Entries about one session without card numbers: whatever is free text in them came from what was done there. */
export const maskingAudit = (audit: Audit): Audit => ({
  ...audit,
  note: (event, by, options) => audit.note(masked(event), by, options),
  noteLater: (event, by, options) => audit.noteLater(masked(event), by, options),
  act: (what, fn) => audit.act(what, (act) => fn(maskingAct(act))),
})

const maskingAct = (act: Act): Act => ({
  tx: act.tx,
  record: (event, attests, options) => act.record(masked(event), attests, options),
  recordAll: (all) => act.recordAll(all.map((one) => ({ ...one, event: masked(one.event) }))),
})

const masked = (event: AuditEvent): AuditEvent => ({
  ...event,
  personal: Object.fromEntries(Object.entries(event.personal).map(([name, text]) => [name, maskCards(text)])),
})
