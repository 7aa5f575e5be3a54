import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { loginRequest, type MysqlGreeting, packet, proofs, readLoginAnswer, type SessionWish } from '../../protocols/mysql/index.ts'
import { impostor, type MysqlFailure, protocol, refused } from './failures.ts'
import { readPacket } from './read-packet.ts'

/** Methods that show the password itself: never answered, whoever asks. */
const clearText: Readonly<Record<string, string>> = {
  mysql_clear_password: 'the password in clear text',
  dialog: 'the password in a dialog',
  sha256_password: 'the password itself',
  mysql_old_password: 'a hash of before 2001',
}
const proof = 'a method that does not show the password'
const quickAnswer = { done: 3, sendItAll: 4 } as const

/**
 * Logs in on a secured connection whose server has proven who it is, and leaves it ready for the first statement. Answers
 * `mysql_native_password` and `caching_sha2_password`; a driver would answer others too, so the login is ours.
 */
export async function authenticate(
  socket: Duplex,
  greeting: MysqlGreeting,
  user: string,
  password: Secret,
  wish?: SessionWish,
): Promise<Result<{ status: number }, MysqlFailure>> {
  if (user.includes('\0')) return protocol('a name holds a zero byte')
  const first = greeting.plugin in proofs ? greeting.plugin : 'mysql_native_password'
  let sequence = 2
  let plugin = first
  const prove = (challenge: Buffer) => password.lend('log-in-to-target', (bytes) => proofs[plugin]?.(bytes, challenge) ?? Buffer.alloc(0))
  socket.write(packet(sequence, loginRequest(user, await prove(greeting.challenge), plugin, wish)))

  for (let count = 0; count < 8; count++) {
    const body = await readPacket(socket, ++sequence)
    if (!body) return protocol('the server closed the connection during the login')
    const answer = readLoginAnswer(body)
    if (answer.kind === 'ok') return ok({ status: answer.status })
    if (answer.kind === 'error') return refused(answer.number)
    if (answer.kind === 'switch') {
      if (answer.plugin in clearText) return impostor(proof, clearText[answer.plugin] ?? answer.plugin)
      if (!(answer.plugin in proofs)) return fail({ code: 'mysql.method', plugin: answer.plugin.replace(/[^\w-]/g, '').slice(0, 60) })
      if (answer.challenge.length !== 20) return protocol('the server sent a challenge of another length')
      plugin = answer.plugin
      socket.write(packet(++sequence, await prove(answer.challenge)))
    } else if (answer.kind === 'more' && plugin === 'caching_sha2_password' && answer.data[0] === quickAnswer.sendItAll) {
      // MySQL has it in its cache no more. The connection is TLS to the pinned server, the one place where it may be sent.
      await password.lend('log-in-to-target', (bytes) => {
        const whole = packet(++sequence, Buffer.concat([bytes, Buffer.alloc(1)]))
        return new Promise<void>((sent) => socket.write(whole, () => sent(void whole.fill(0))))
      })
    } else if (answer.kind !== 'more' || plugin !== 'caching_sha2_password' || answer.data[0] !== quickAnswer.done)
      return protocol('the server does not speak MySQL')
  }
  return protocol('the login does not end')
}
