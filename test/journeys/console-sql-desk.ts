import { join } from 'node:path'
import { audit, call, session } from '@claviger/api'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { must } from '../support/person.ts'
import { type Program, startProgram } from '../support/process.ts'
import { until } from '../support/until.ts'
import { heading, look } from './console-checks.ts'
import { patient, type Seat, tabTo } from './console-driver.ts'
import type { Office } from './console-office.ts'

/** An account of a database that alice may use, and where. */
export interface Where {
  /** `account@target` */
  at: string
  door: 'postgres' | 'mysql'
  database: string
  /** The request whose page leads there. */
  request: string
  grant: string
}

/** Alice at a page of SQL in the browser and at psql and mariadb, and what is left of both. */
export function sqlDesk(office: Office, seat: () => Seat) {
  const person = (name: string) => office.claviger.person(name)
  const authority = () => join(office.claviger.work, 'gateway-ca.pem')

  /** Opens the page from where a person sees how to connect, and begins. */
  async function begin({ at, request, database }: Where, shots?: string): Promise<Page> {
    const { page } = seat()
    await page.bringToFront()
    await page.goto(`/requests/${request}`)
    await page.getByRole('link', { name: 'Open SQL' }).click()
    await heading(page, `SQL on ${at}`).waitFor()
    await page.getByText('Every statement is recorded').waitFor()
    if (shots) await look(page, `${shots}-before`)
    await page.getByLabel('Database').fill(database)
    await tabTo(page, page.getByRole('button', { name: 'Begin the recorded session' }))
    await page.keyboard.press('Enter')
    await page.getByText('Open, and recorded').waitFor(patient)
    await page.getByText('This session is recorded').waitFor(patient)
    return page
  }

  /** Written as people do, and run by keyboard. */
  async function run(page: Page, sql: string, state: RegExp = /^(Done|Failed)/): Promise<void> {
    const before = await page.getByRole('region', { name: 'What ran on this page' }).getByRole('button').count()
    await page.getByLabel('SQL', { exact: true }).fill(sql)
    await page.keyboard.press('Control+Enter')
    await expect
      .poll(() => page.getByRole('region', { name: 'What ran on this page' }).getByRole('button').count(), patient)
      .toBe(before + 1)
    await page.getByRole('region', { name: 'Statements' }).getByRole('status').filter({ hasText: state }).waitFor(patient)
  }

  /** What is recorded of the newest session of that kind, and what the ledger says of it. */
  async function written({ door }: Where, way: 'web' | 'native') {
    const found = await until('the session to be settled', async () => {
      const { sessions } = must(await call((await person('alice')).api, session.sessions, { query: { limit: 20 } }))
      const newest = sessions.find((s) => s.door === door && s.way === way)
      return newest?.endedAt ? newest : undefined
    })
    const { statements } = must(await call((await person('carol')).api, session.sessionStatements, { params: { id: found.id }, query: {} }))
    const entries = await until('the end is in the ledger', async () => {
      const { entries: all } = must(await call((await person('carol')).api, audit.ledger, { query: { limit: 300 } }))
      const own = all.filter((e) => e.act.startsWith('session.') && JSON.stringify(e).includes(found.id))
      return own.some((e) => e.act === 'session.ended') ? own : undefined
    })
    return {
      acts: entries.map((e) => `${e.act} ${Object.keys(e.fields)}`),
      statements: statements
        // what a client asks by itself when it comes in
        .filter(({ sql }) => !sql.startsWith('select @@version_comment'))
        .map(({ sql, via, rows, outcome, sqlState, tag, bytes }) => ({
          sql: sql.replace(/;$/, ''),
          via,
          rows,
          outcome,
          sqlState,
          tag,
          bytes,
        })),
      verdict: found.recording?.state,
    }
  }

  /** psql or mariadb, with a ticket of its own. */
  async function client({ door, grant: id, database }: Where, statements: readonly string[], options: readonly string[]) {
    const { ticket, user, port, host } = must(await call((await person('alice')).api, session.issueTicket, { params: { id } }))
    const ca = authority()
    const path = { PATH: process.env.PATH }
    if (door === 'postgres') {
      const where = { PGHOST: 'localhost', PGPORT: String(port), PGUSER: user, PGPASSWORD: ticket, PGDATABASE: database }
      const args = ['-X', '-A', '-t', '-q', ...options, ...statements.flatMap((sql) => ['-c', sql])]
      return { file: 'psql', args, input: '', env: { ...path, ...where, PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca } }
    }
    const to = ['--no-defaults', '-h', host, '-P', `${port}`, '-u', user, `--ssl-ca=${ca}`, '--ssl-verify-server-cert', '-N', '-f']
    // given by -e, what comes behind an error is not run, -f or not
    const input = statements.map((sql) => `${sql};\n`).join('')
    return { file: 'mariadb', args: [...to, ...options, database], input, env: { ...path, MYSQL_PWD: ticket } }
  }

  /** Begun, and not waited for. */
  async function start(where: Where, statements: readonly string[], options: readonly string[] = []): Promise<Program> {
    const { file, args, env, input } = await client(where, statements, options)
    return startProgram(file, args, { env, seconds: 240, input })
  }
  async function native(where: Where, statements: readonly string[], options: readonly string[] = []): Promise<string> {
    const program = await start(where, statements, options)
    await program.ended
    return program.said()
  }

  /** The same statements by a client of one's own and on the page leave the same behind. */
  async function likeNative(where: Where, statements: readonly string[]): Promise<string> {
    const said = await native(where, statements)
    const page = await begin(where)
    for (const sql of statements) await run(page, sql)
    await page.getByRole('button', { name: 'End session' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /^Ended/ })
      .waitFor(patient)
    const [theirs, ours] = [await written(where, 'native'), await written(where, 'web')]
    expect(theirs.statements).toHaveLength(statements.length)
    expect(ours).toEqual(theirs)
    expect(ours.verdict).toBe('sealed')
    return said
  }

  return { authority, begin, run, start, native, likeNative }
}

/** Running for so long that the target has it: what has not begun there cannot be cancelled there. */
export const underWay = /^Running… \d\d?\.\d+ s/

export type SqlDesk = ReturnType<typeof sqlDesk>

export const cells = (page: Page) => page.getByRole('gridcell')
