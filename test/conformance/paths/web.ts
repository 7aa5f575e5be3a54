import { call, session } from '@claviger/api'
import WebSocket from 'ws'
import { must } from '../../support/person.ts'
import { until } from '../../support/until.ts'
import type { Lane, Openers } from '../lane.ts'
import { type Opened, reading } from '../live.ts'

/** What the console's page opens: its WebSocket, with its cookie and a ticket that it got with that. */
async function openPage(lane: Lane, ticket?: string) {
  const { id } = await lane.grant()
  const to = lane.browser(lane.alice)
  const shown = ticket ?? must(await call(to, session.issueTicket, { params: { id } })).ticket
  const { cookie = '', origin = '' } = to.headers ?? {}
  const socket = new WebSocket(`${lane.claviger.base.replace('http', 'ws')}/api/grants/${id}/session`, { headers: { cookie, origin } })
  let said = ''
  let over = false
  socket.on('message', (data, binary) => {
    const bytes = data as Buffer
    said += `${bytes.toString('utf8')}\n`
    if (binary) socket.send(JSON.stringify({ kind: 'took', bytes: bytes.length }))
  })
  socket.on('error', (error) => {
    said += `${error.message}\n`
  })
  socket.on('close', () => {
    over = true
  })
  await until('the WebSocket to open', () => socket.readyState === WebSocket.OPEN || over)
  const shows = reading(
    () => said,
    () => over,
  )
  const gone = async (seconds = 60) => {
    await until(
      () => `the page's line to be closed. It said ${said.slice(-800)}`,
      () => over,
      seconds,
    )
  }
  return {
    ticket: shown,
    shows,
    gone,
    say: (message: object | Buffer) => socket.send(Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    close: () => socket.close(),
  }
}

/** A terminal of the console; with a ticket that is none, what becomes of it. */
export async function openTerminal(lane: Lane, wrong?: string): Promise<Opened> {
  const page = await openPage(lane, wrong)
  page.say({ kind: 'open', ticket: page.ticket, columns: 80, rows: 24 })
  const type = async (text: string) => page.say(Buffer.from(text))
  return {
    ...{ shows: page.shows, gone: page.gone },
    run: (line) => type(`${line}\r`),
    interrupt: () => type('\u0003'),
    async leave() {
      await type('exit\r')
      await page.gone()
    },
  }
}

/** The page of SQL. */
export async function openSqlPage(lane: Lane, wrong?: string): Promise<Opened> {
  const page = await openPage(lane, wrong)
  page.say({ kind: 'open', ticket: page.ticket, ...(lane.wire === 'postgres' && { database: 'postgres' }) })
  if (wrong === undefined) await page.shows(/"kind":"ready"/)
  let ran = false
  return {
    ...{ shows: page.shows, gone: page.gone },
    async run(sql) {
      // one at a time, as the page does it
      if (ran) await page.shows(/"kind":"idle"/)
      page.say({ kind: 'run', sql })
      ran = true
    },
    interrupt: async () => page.say({ kind: 'cancel' }),
    async leave() {
      if (ran) await page.shows(/"kind":"idle"/)
      page.close()
      await page.gone()
    },
  }
}

export const openInBrowser: Openers = {
  ssh: (lane) => openTerminal(lane),
  postgres: (lane) => openSqlPage(lane),
  mysql: (lane) => openSqlPage(lane),
}
