// What other folders may use of session. Everything else in here is private.
export { liveRoutes } from './live/live.routes.ts'
export { createWatching } from './live/watching.ts'
export { type RecoverDeps, recoverSessions, recoverSessionsOf } from './recover-sessions.ts'
export { startIndexing } from './search/index-recordings.ts'
export { searchRoutes } from './search/search.routes.ts'
export { sessionRoutes } from './session.routes.ts'
export { createSessionHost, type Host, type SessionHostDeps } from './session-host.ts'
