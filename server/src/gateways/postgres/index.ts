// gateways/postgres/index.ts — the PostgreSQL door. Everything else in here is private to it.

export type { DoorCertificate } from '../door/start-tls.ts'
export { defaultLimits as postgresGatewayLimits, type Limits as PostgresGatewayLimits } from './limits.ts'
export { openPostgresGateway, type PostgresGateway, type PostgresGatewayOptions } from './open-postgres-gateway.ts'
export { openSealedPostgresDoor } from './sealed-door.ts'
