import { ticket, user } from './open-door.ts'

export interface Door {
  gateway: { port: number }
  ca: string
}

/** libpq's variables for the door. */
export const connectionOf = ({ gateway, ca }: Door): Record<string, string> => ({
  ...{ PGHOST: 'localhost', PGPORT: String(gateway.port), PGUSER: user, PGPASSWORD: ticket, PGDATABASE: 'postgres' },
  ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca, PGCONNECT_TIMEOUT: '20' },
})
