// platform/sql-console/index.ts — statements of a person at a page, over a connection to a door of ours. Everything of it is bounded.
export { type Cell, cellOf, type Hears, type SqlConsole, type SqlEvent, type Transaction } from './console.ts'
export { type ConsoleLogin, openPostgresConsole } from './postgres-console.ts'
