import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { access, audit, call, inventory, live, session } from '@claviger/api'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mysqlHarness } from '../../server/src/targets/mysql/test/harness.ts'
import type { RunningTarget } from '../../server/src/targets/test/harness.ts'
import { must, type Person, withCode } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { until } from '../support/until.ts'
import { grant, takeOver } from '../support/work.ts'
import { bringCertificate, type Certified, mayUse, startCertified } from './console-certificate.ts'
import { clean, fitsAPhone, heading, look } from './console-checks.ts'
import { patient, type Seat, tabTo } from './console-driver.ts'
import type { Office } from './console-office.ts'
import { sitWithPasskey } from './console-passkey.ts'

/** As much as is asked of the browser's text area. */
interface Area {
  value: string
  selectionStart: number
  selectionEnd: number
  setSelectionRange(from: number, to: number): void
}

/** Running for so long that the target has it: what has not begun there cannot be cancelled there. */
const underWay = /^Running… \d\d?\.\d+ s/

interface Where {
  /** `account@target` */
  at: string
  door: 'postgres' | 'mysql'
  database: string
  /** The request whose page leads there. */
  request: string
  grant: string
}

/** SQL on a page of the console, beside psql and mariadb. To be called within a `describe`. */
export function sqlInTheBrowser(office: Office, seat: () => Seat): void {
  let alice: Person
  let carol: Person
  let orders: Where
  let shop: Where
  let mariadb: RunningTarget

  beforeAll(async () => {
    alice = await office.claviger.person('alice')
    carol = await office.claviger.person('carol')
    writeFileSync(join(office.claviger.work, 'gateway-ca.pem'), must(await call(alice.api, session.gatewayCa)))
    const at = 'app_admin@orders-db'
    await takeOver(office.claviger, [at])
    const given = await grant(alice, await office.claviger.person('bob'), at)
    orders = { at, door: 'postgres', database: 'postgres', request: given.request.id, grant: given.grant.id }
    mariadb = await mysqlHarness.start()
    shop = await addShop()
  })
  let certified: Certified | undefined
  afterAll(() => Promise.all([mariadb?.stop(), certified?.server.stop()]))

  /** A MariaDB beside the lab's targets, with an account that is taken over and a grant of alice's. */
  async function addShop(): Promise<Where> {
    const manager = mariadb.manager()
    const secret = await manager.credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())
    await mariadb.addAccount('ops', mariadb.fresh()())
    const target = await withCode(carol.code, (code) =>
      call(carol.api, inventory.addTarget, {
        body: {
          ...{ name: 'shop-db', kind: 'mysql', environment: 'lab', tier: 2, code },
          ...{ settings: mariadb.settings as Record<string, string>, identity: mariadb.identity as Record<string, string> },
          login: { account: manager.account, kind: 'password', secret },
        },
      }),
    )
    const { accounts } = must(await call(carol.api, inventory.discoverTarget, { params: { id: target.id } }))
    for (const one of accounts.filter((a) => a.name === 'ops'))
      must(await call(carol.api, inventory.rotateAccount, { params: { id: one.id }, body: { reason: 'a journey' } }))
    // in the lab's environment nobody has to approve tier 2
    const asked = await until('the account to be taken over', async () => {
      const filed = await call(alice.api, access.fileRequest, { body: { account: 'ops@shop-db', duration: '30m', reason: 'a journey' } })
      return filed.ok && filed.value.grant ? filed.value : undefined
    })
    return { at: 'ops@shop-db', door: 'mysql', database: 'information_schema', request: asked.id, grant: asked.grant?.id ?? '' }
  }

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
  const cells = (page: Page) => page.getByRole('gridcell')

  /** What is recorded of the newest session of that kind, and what the ledger says of it. */
  async function written({ door }: Where, way: 'web' | 'native') {
    const found = await until('the session to be settled', async () => {
      const { sessions } = must(await call(alice.api, session.sessions, { query: { limit: 20 } }))
      const newest = sessions.find((s) => s.door === door && s.way === way)
      return newest?.endedAt ? newest : undefined
    })
    const { statements } = must(await call(carol.api, session.sessionStatements, { params: { id: found.id }, query: {} }))
    const entries = await until('the end is in the ledger', async () => {
      const { entries: all } = must(await call(carol.api, audit.ledger, { query: { limit: 300 } }))
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
  async function native({ door, grant: id, database }: Where, statements: readonly string[]): Promise<string> {
    const { ticket, user, port, host } = must(await call(alice.api, session.issueTicket, { params: { id } }))
    const ca = join(office.claviger.work, 'gateway-ca.pem')
    const path = { PATH: process.env.PATH }
    if (door === 'postgres') {
      const where = { PGHOST: 'localhost', PGPORT: String(port), PGUSER: user, PGPASSWORD: ticket, PGDATABASE: database }
      const args = ['-X', '-A', '-t', '-q', ...statements.flatMap((sql) => ['-c', sql])]
      return (await runProgram('psql', args, { env: { ...path, ...where, PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca }, seconds: 180 }))
        .said
    }
    const args = ['--no-defaults', '-h', host, '-P', `${port}`, '-u', user, `--ssl-ca=${ca}`, '--ssl-verify-server-cert', '-N', '-f']
    const told = [...args, database, '-e', statements.join(';\n')]
    return (await runProgram('mariadb', told, { env: { ...path, MYSQL_PWD: ticket }, seconds: 180 })).said
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

  test('alice asks a PostgreSQL on a page of the console: rows, null, several results, html that stays text', async () => {
    const page = await begin(orders, 'sql')
    await look(page, 'sql-empty')
    await run(
      page,
      `create temporary table people as
  select n as id, 'Person ' || n as name, case when n % 3 = 0 then null else n * 1.5 end as amount, now()::date + n as due
  from generate_series(1, 12) n;
select * from people;
do $$ begin raise notice 'twelve of them'; end $$;
select '<img src=x onerror="document.title=1">' as "<b>html</b>", '' as empty, repeat('long ', 5000) as story`,
    )
    const first = page.getByRole('region', { name: 'Result 1' })
    await first.getByRole('gridcell', { name: 'Person 12' }).waitFor()
    expect(await first.getByRole('gridcell', { name: 'NULL', exact: true }).count()).toBe(4)
    await page.getByText('Notice: twelve of them').waitFor()
    await page.getByRole('region', { name: 'Result 2' }).getByText('<img src=x onerror="document.title=1">').waitFor()
    expect(await page.locator('main img, main b').count()).toBe(0)
    await look(page, 'sql-results')
    await fitsAPhone(page, { path: page.url(), shows: '' })

    // by arrows to a value, and the whole of it
    await page.getByRole('region', { name: 'Result 2' }).getByRole('gridcell').first().focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'story, row 1' }).getByText('25,000 characters, of which the first 10,000 are here').waitFor()
    await look(page, 'sql-value')
    await page.keyboard.press('Escape')

    const download = page.waitForEvent('download')
    await first.getByRole('button', { name: 'Save as CSV' }).click()
    const file = await (await download).createReadStream()
    let csv = ''
    for await (const chunk of file) csv += chunk
    expect(csv.split('\r\n').slice(0, 4).join()).toMatch(
      /^\ufeffid,name,amount,due,1,Person 1,1\.5,\d{4}-\d\d-\d\d,2,Person 2,3\.0,.*,3,Person 3,,/,
    )
  })

  test('an error says where it is, and a selection runs alone; the transaction is shown', async () => {
    const { page } = seat()
    await run(page, 'begin')
    await page.getByText('Transaction open').waitFor()
    await run(page, "select 'ä' as one;\nselect nope from people;\n")
    const failed = page.getByRole('alert').filter({ hasText: 'column "nope" does not exist' })
    await failed.getByText('Line 2, column 8').waitFor()
    await page.getByText('Transaction failed').waitFor()
    await look(page, 'sql-failing')
    await failed.getByRole('button', { name: 'Go there' }).click()
    const selected = () =>
      page.getByLabel('SQL', { exact: true }).evaluate((e) => {
        const area = e as unknown as Area
        return area.value.slice(area.selectionStart, area.selectionEnd)
      })
    await expect.poll(selected, patient).toBe('nope')
    await run(page, 'rollback')
    await expect.poll(() => page.getByText('Transaction failed').count(), patient).toBe(0)
    const area = page.getByLabel('SQL', { exact: true })
    await area.fill("select 'not this'; select 'but this' as chosen; select 'nor this'")
    await area.evaluate((e) => (e as unknown as Area).setSelectionRange(19, 46))
    await page.keyboard.press('Control+Enter')
    await cells(page).getByText('but this').waitFor(patient)
    expect(await cells(page).count()).toBe(1)
    await page.keyboard.press('Alt+ArrowUp')
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(() => area.inputValue(), patient).toBe('rollback')
  })

  test('a million rows freeze nothing: a page of them is shown, more when asked for, and the rest is let go', async () => {
    const { page } = seat()
    await page
      .getByLabel('SQL', { exact: true })
      .fill("select n, md5(n::text) as hash, 'row ' || n as words from generate_series(1, 1000000) n")
    await page.keyboard.press('Control+Enter')
    await page.getByText('1,000 rows are shown; there may be more').waitFor(patient)
    expect(await page.getByRole('row').count()).toBeLessThan(60)
    await page.getByRole('button', { name: 'Show 1,000 more' }).click()
    await page.getByText('2,000 rows are shown; there may be more').waitFor(patient)
    await look(page, 'sql-waits')
    await cells(page).first().focus()
    await page.keyboard.press('Control+End')
    await cells(page).getByText('row 2000').waitFor()
    expect(await page.getByRole('row').count()).toBeLessThan(60)
    await page.getByRole('button', { name: 'Let it finish' }).click()
    await page.getByText('2,000 of 1,000,000 rows').waitFor({ timeout: 180_000 })
  })

  test('what runs is cancelled at the target; an officer’s words come, and a session that is held says so', async () => {
    const { page } = seat()
    await page.getByLabel('SQL', { exact: true }).fill('select pg_sleep(120)')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('status').filter({ hasText: underWay }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').filter({ hasText: 'canceling statement due to user request' }).waitFor(patient)
    await look(page, 'sql-cancelled')

    const { sessions } = must(await call(alice.api, session.sessions, { query: { limit: 20 } }))
    const running = sessions.find((s) => s.state === 'running' && s.door === 'postgres')?.id ?? ''
    const params = { id: running }
    must(await call(carol.api, live.messageSession, { params, body: { message: 'The window is over at ten.' } }))
    await page.getByText('A message of an officer: The window is over at ten.').waitFor(patient)
    must(await call(carol.api, live.suspendSession, { params, body: { reason: 'Who is that?' } }))
    await page.getByText('Nothing passes in either direction').waitFor(patient)
    await page.getByLabel('SQL', { exact: true }).fill('select 6 * 7 as held')
    await page.keyboard.press('Control+Enter')
    await look(page, 'sql-suspended')
    expect(await cells(page).count()).toBe(0)
    must(await call(carol.api, live.resumeSession, { params, body: { reason: 'The person on call.' } }))
    await cells(page).getByText('42').waitFor(patient)
    await expect.poll(() => page.getByText('Nothing passes in either direction').count(), patient).toBe(0)

    must(await call(carol.api, session.endSession, { params, body: { reason: 'Enough.' } }))
    await page.getByRole('button', { name: 'Open another' }).waitFor(patient)
    await page
      .getByText(/officer ended|ended by an officer/i)
      .first()
      .waitFor()
    await look(page, 'sql-over')
    await page.getByRole('button', { name: 'Open another' }).click()
    await page.getByText('Open, and recorded').waitFor(patient)
    await page.getByRole('button', { name: 'End session' }).click()
  })

  test('PostgreSQL’s ledger and recording are those of psql', async () => {
    await likeNative(orders, [
      'create temporary table twin (a int, b text)',
      "insert into twin values (1, 'x'), (2, null)",
      'select * from twin',
      'select * from nowhere',
      'drop table twin',
    ])
  })

  test('a role that its server lets in by certificate alone: carol brings one in, psql and the page come in by it, and she reads what was asked', async () => {
    const officer = await sitWithPasskey(office, 'carol')
    certified = await startCertified(officer, carol)
    await bringCertificate(officer, certified)
    const { id, grant: given } = await mayUse(alice, certified)
    const where: Where = { at: certified.at, door: 'postgres', database: 'postgres', request: id, grant: given?.id ?? '' }
    const who = `select version, client_dn from pg_stat_ssl where pid = pg_backend_pid()`
    expect(await likeNative(where, [who])).toContain('TLSv1.3|/CN=ledger_admin')
    const { page } = seat()
    expect(await cells(page).allTextContents()).toEqual(['TLSv1.3', '/CN=ledger_admin'])
    await look(page, 'sql-by-certificate')

    await officer.page.goto('/sessions')
    await officer.page
      .getByRole('link', { name: `Alice Moreau on ${certified.at}` })
      .first()
      .click()
    await officer.page.getByRole('link', { name: /^Statement 1 .*client_dn/ }).waitFor()
    await officer.page.getByText('Verified.').waitFor()
    await look(officer.page, 'session-by-certificate')
    expect(officer.complaints).toEqual([])
    await officer.close()
  })

  test('MariaDB is asked on the same page; null, bytes, warnings, errors, and a statement that is cancelled', async () => {
    const page = await begin(shop)
    await run(page, "select 1 as one, null as nothing, x'00ff' as bytes, cast('12 apples' as int) as n; select 2 as two")
    await page.getByText('1 warning: show warnings reads them.').waitFor()
    expect(await cells(page).allTextContents()).toEqual(['1', 'NULL', '0x00ff', '12', '2'])
    await run(page, 'select 1;\nselect sum( from dual')
    await page.getByRole('alert').getByText('Line 2, column 13').waitFor()
    await look(page, 'sql-mariadb')
    await page.getByLabel('SQL', { exact: true }).fill('select sleep(600) from tables')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('status').filter({ hasText: underWay }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').filter({ hasText: 'Query execution was interrupted' }).waitFor(patient)
    await page.getByRole('button', { name: 'End session' }).click()
  })

  test('MariaDB’s ledger and recording are those of mariadb', async () => {
    const name = `v${randomBytes(3).toString('hex')}`
    await likeNative(shop, [`set @${name} = 7`, `select @${name} as seven, null as nothing`, 'do sleep(0)', 'select * from nowhere'])
    await clean(seat().page)
  })
}
