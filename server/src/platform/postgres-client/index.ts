// platform/postgres-client/index.ts — how we log in to a PostgreSQL server, and what it has to prove first. The target kind and the gateway use it.
export type { Greeting, PostgresLogin } from './authenticate.ts'
export { cancelStatement } from './cancel.ts'
export { connectPostgres, type LoggedIn, type PostgresServer } from './connect.ts'
export type { PostgresFailure } from './failures.ts'
export { type Message, readBytes, readMessage } from './read-message.ts'
export { secure as securePostgres } from './secure.ts'
export { terminateBackend } from './terminate-backend.ts'
