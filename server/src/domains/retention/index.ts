// What other folders may use of retention. Everything else in here is private.
export { startRemovingFiles } from './keep-files.ts'
export { startKeepingRecordings } from './keep-recordings.ts'
export { retentionRoutes } from './retention.routes.ts'
