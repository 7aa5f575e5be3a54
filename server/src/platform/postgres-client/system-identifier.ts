import type { Duplex } from 'node:stream'
import { ok, type Result } from '../../kernel/result.ts'
import { queryMessage, sqlStateIn } from '../../protocols/postgres/index.ts'
import { type PostgresFailure, protocol, refused } from './failures.ts'
import { readMessage } from './read-message.ts'

const question = 'select system_identifier::text from pg_catalog.pg_control_system()'

/** The cluster's own number: tells a copy or another cluster from ours where both know the same password. */
export async function systemIdentifier(socket: Duplex): Promise<Result<string, PostgresFailure>> {
  socket.write(queryMessage(question))
  let number = ''
  let no: string | undefined
  for (let count = 0; count < 50; count++) {
    const message = await readMessage(socket)
    if (!message) return protocol('the connection broke after the login')
    if (message.type === 'Z') return no === undefined ? ok(number) : refused(no)
    if (message.type === 'E') no = sqlStateIn(message.body)
    // DataRow: how many columns, then length and bytes of each
    if (message.type === 'D' && message.body.length > 6) number = message.body.toString('latin1', 6)
  }
  return protocol('the server did not say which cluster it is')
}
