import { createReadStream } from 'node:fs'
import { connect } from 'node:net'
import { call, session } from '@claviger/api'
import mysql from 'mysql2'
import pg from 'pg'
import { must } from '../../support/person.ts'
import { until } from '../../support/until.ts'
import type { Lane, Openers } from '../lane.ts'
import { type Opened, reading } from '../live.ts'

/** A ticket, and where to take it, as a program gets it from the API. */
async function ticketed(lane: Lane) {
  const { id } = await lane.grant()
  const { ticket, user, host, port } = must(await call(lane.alice.api, session.issueTicket, { params: { id } }))
  return { host, port, user, password: ticket }
}

/** What a library answers, as text that can be waited for. */
function library(parts: { query(sql: string): Promise<string>; cancel(): Promise<void>; end(): Promise<void> }) {
  let said = ''
  let over = false
  const hear = (text: string) => {
    said += `${text}\n`
  }
  const gone = () => {
    over = true
  }
  const opened: Opened = {
    async run(sql) {
      parts.query(sql).then(hear, (error: unknown) => hear(error instanceof Error ? error.message : String(error)))
    },
    shows: reading(
      () => said,
      () => over,
    ),
    interrupt: parts.cancel,
    async leave() {
      await parts.end()
      gone()
    },
    async gone(seconds = 60) {
      // MySQL's gateway says it with the next statement
      parts.query('select 1').catch(() => gone())
      await until('the connection to be gone', () => over, seconds)
    },
  }
  return { opened, hear, gone }
}

export const openByApi: Openers = {
  async postgres(lane) {
    const login = { ...(await ticketed(lane)), database: 'postgres', ssl: { ca: lane.ca }, connectionTimeoutMillis: 60_000 }
    const client = new pg.Client(login)
    const { opened, hear, gone } = library({
      query: async (sql) => JSON.stringify((await client.query(sql)).rows ?? []),
      async cancel() {
        // as libpq asks for it: on a second connection, with the key that the first one was given
        const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
        const request = Buffer.alloc(16)
        for (const [at, value] of [16, 80877102, processID, secretKey].entries()) request.writeInt32BE(value, at * 4)
        connect(login.port, login.host)
          .on('error', () => undefined)
          .end(request)
      },
      end: () => client.end(),
    })
    client.on('notice', (notice) => hear(notice.message ?? ''))
    client.on('error', (error) => hear(error.message)).on('end', gone)
    await client.connect()
    return opened
  },
  async mysql(lane) {
    const login = { ...(await ticketed(lane)), ssl: { ca: lane.ca }, connectTimeout: 60_000, infileStreamFactory: createReadStream }
    const client = mysql.createConnection(login)
    const { opened, hear, gone } = library({
      query: (sql) =>
        new Promise((resolve, reject) => {
          client.query(sql, (error, rows) => (error ? reject(error) : resolve(JSON.stringify(rows))))
        }),
      async cancel() {
        const second = mysql.createConnection({ ...login, password: (await ticketed(lane)).password })
        second.on('error', () => undefined)
        second.query(`kill query ${client.threadId}`, () => second.end())
      },
      end: async () => client.end(),
    })
    client.on('error', (error: Error) => hear(error.message)).on('end', gone)
    client.on('close' as never, gone)
    await new Promise<void>((resolve, reject) => client.connect((error) => (error ? reject(error) : resolve())))
    return opened
  },
}

/** Comes in with a password of its own, and is to be refused. */
export async function logInByApi(lane: Lane, password: string): Promise<void> {
  const login = { ...(await ticketed(lane)), password }
  const refused = (error: unknown) => {
    if (!String(error).includes('not known')) throw new Error(String(error))
  }
  if (lane.wire === 'postgres') {
    const client = new pg.Client({ ...login, database: 'postgres', ssl: { ca: lane.ca } })
    client.on('error', () => undefined)
    return await client.connect().then(() => refused('it was let in'), refused)
  }
  const client = mysql.createConnection({ ...login, ssl: { ca: lane.ca } })
  client.on('error', () => undefined)
  const error = await new Promise((resolve) => client.connect((failed) => resolve(failed ?? 'it was let in')))
  client.destroy()
  refused(error)
}
