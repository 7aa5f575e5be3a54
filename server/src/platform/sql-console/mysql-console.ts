import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { command, errorIn, packet, readAside } from '../../protocols/mysql/index.ts'
import { type ConsoleLogin, type Hears, longestText, type SqlConsole } from './console.ts'
import { logInToMysql } from './mysql-login.ts'
import { followResults } from './mysql-results.ts'
import { readBody } from './read-mysql.ts'

const ask = (code: number, text = ''): Buffer => packet(0, Buffer.concat([Buffer.from([code]), Buffer.from(text)]))

/** A login at a door of ours, and statements over it, each text at once, as results in text. */
export async function openMysqlConsole(line: Duplex, login: ConsoleLogin, hears: Hears): Promise<Result<SqlConsole, string>> {
  const opened = await logInToMysql(line, login)
  if (!opened.ok) return opened
  const { socket, connection, said } = opened.value
  if (said !== '') await hears.hear({ kind: 'said', message: said.slice(0, longestText) })
  await hears.hear({ kind: 'idle', transaction: 'none' })
  let asked = ''
  followResults(socket, { sql: () => asked, ping: () => void socket.write(ask(command.ping)) }, hears).then(
    (why) => hears.gone(why),
    () => hears.gone(undefined),
  )
  return ok({
    server: 'MySQL or MariaDB',
    cancelBy: 'ticket',
    run(sql) {
      asked = sql
      socket.write(ask(command.query, sql))
    },
    cancel: (ticket) => killQuery(connection, { ...login, ...(ticket !== undefined && { password: ticket }) }),
    close: () => leave(socket),
  })
}

/** What clients do whose statement is to stop: a second connection, since the first one is not listened to while it runs. */
async function killQuery(connection: number, login: ConsoleLogin): Promise<Result<void, string>> {
  const second = await logInToMysql(await login.another(), { ...login, database: '' }).catch(() => fail('The gateway does not answer.'))
  if (!second.ok) return second
  const { socket } = second.value
  socket.write(ask(command.query, `kill query ${connection}`))
  const answer = await readAnswer(socket)
  leave(socket)
  const refused = answer && errorIn(answer)
  return refused ? fail(refused.message) : ok(undefined)
}

/** Words of an officer may come before it. */
async function readAnswer(socket: Duplex): Promise<Buffer | undefined> {
  for (;;) {
    const read = await readBody(socket)
    if (!read || 'tooLong' in read) return undefined
    if (!readAside(read.body)) return read.body
  }
}

function leave(socket: Duplex): void {
  socket.end(ask(command.quit))
  setTimeout(() => socket.destroy(), 1_000).unref()
}
