export { type PostgresServerError, postgresServerErrorFaces, withFiles } from './errors.ts'
export { type PostgresOptions, type RunningPostgres, startPostgres } from './start-postgres.ts'
