import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { leave } from '../door/leave.ts'
import { type SqlLimits, sqlLimits } from '../door/sql/limits.ts'
import { openSqlDoor, type SqlDoor, type SqlDoorOptions } from '../door/sql/open-sql-door.ts'
import { createConnectionIds } from './connection-ids.ts'
import { firstPackets } from './first-packets.ts'
import { firstError } from './say.ts'
import { signIn } from './sign-in.ts'
import { mysqlWire } from './wire.ts'

/** Opens the MySQL door. Rejects when the address cannot be listened on. */
export async function openMysqlGateway(options: SqlDoorOptions): Promise<SqlDoor> {
  const { host } = options
  const limits: SqlLimits = { ...sqlLimits, ...options.limits }
  const ids = createConnectionIds(options.chorus)
  return await openSqlDoor(options, limits, {
    name: 'MySQL',
    turnAway: (line, sentence) => leave(line, firstError('tooMany', sentence)),
    async receive(visitor) {
      const { from, way } = visitor
      const connection = ids.issue()
      const challenge = newChallenge()
      const came = await firstPackets(visitor, { connection, challenge }, (what) => host.malformed('mysql', from, what))
      const who = came && (await signIn(came, challenge, { from, way }, host))
      if (!who) return undefined
      const { admitted, grant, wish, program } = who
      const wire = mysqlWire(who, { ids, connection })
      const files = who.files && way !== 'web'
      return { socket: came.socket, who: { admitted, grant, database: wish.database.slice(0, 63), application: program, files, wire } }
    },
  })
}

/** 20 bytes, none of them zero: clients read them as text. */
const newChallenge = (): Buffer => Buffer.from(randomSecretBytes(20).map((byte) => (byte % 127) + 1))
