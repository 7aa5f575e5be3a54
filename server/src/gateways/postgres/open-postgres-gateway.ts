import { openSqlDoor, type SqlDoor, type SqlDoorOptions } from '../door/sql/open-sql-door.ts'
import { createCancelKeys } from './cancel-keys.ts'
import { firstPackets } from './first-packets.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { sqlStates, turnAway } from './say.ts'
import { signIn } from './sign-in.ts'
import { postgresWire } from './wire.ts'

export type PostgresGatewayOptions = SqlDoorOptions<Limits>
export type PostgresGateway = SqlDoor

/** Opens the PostgreSQL door. Rejects when the address cannot be listened on. */
export async function openPostgresGateway(options: PostgresGatewayOptions): Promise<PostgresGateway> {
  const { host } = options
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const cancelKeys = createCancelKeys(limits.cancels, options.chorus)
  return await openSqlDoor(options, limits, {
    name: 'PostgreSQL',
    turnAway: (line, sentence) => turnAway(line, sqlStates.tooMany, sentence),
    async receive({ line, from, way, secureContext, secured }) {
      const malformed = (what: string) => host.malformed('postgres', from, what)
      const wish = await firstPackets(line, { secureContext, malformed, secured })
      if (!wish) return undefined
      const { socket, asks } = wish
      if (asks.kind === 'cancel') {
        await cancelKeys.use(asks)
        return void socket.destroy()
      }
      const signedIn = await signIn(socket, asks, { from, way }, host)
      if (!signedIn) return undefined
      const { admitted, grant, database, parameters } = signedIn
      const wire = postgresWire(signedIn, { cancelKeys })
      return { socket, who: { admitted, grant, database, application: parameters.application_name, wire } }
    },
  })
}
