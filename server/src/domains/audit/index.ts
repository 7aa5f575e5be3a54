// What other folders may use of audit. Everything else in here is private.
export { type Act, type Audit, createActs, NotSequenced, type RecordOptions, type ToRecord, type What } from './act.ts'
export { auditRoutes } from './audit.routes.ts'
export { entryById } from './audit.view.ts'
export { entriesAbout } from './entries-about.view.ts'
export { type AuditEvent, auditEvent, type Mark } from './event.ts'
export { createLedgerIndex, followLedger, type LedgerIndex } from './ledger-index.ts'
export { type Proven, proveEntries } from './prove-entries.ts'
export { type Sequencer, startSequencer } from './sequencer.ts'
