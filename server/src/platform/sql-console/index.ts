// platform/sql-console/index.ts — statements of a person at a page, over a connection to a door of ours. Everything of it is bounded.
export { type Cell, type ConsoleLogin, cellOf, type Hears, type SqlConsole, type SqlEvent, type Transaction } from './console.ts'
export { openMysqlConsole } from './mysql-console.ts'
export { openPostgresConsole } from './postgres-console.ts'
