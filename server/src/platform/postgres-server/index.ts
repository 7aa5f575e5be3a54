export { type PostgresServerError, postgresServerErrorFaces } from './errors.ts'
export { type PostgresOptions, type RunningPostgres, startPostgres } from './start-postgres.ts'
