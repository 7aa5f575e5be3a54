import { call, live, session } from '@claviger/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must, type Person } from '../support/person.ts'
import { grant, takeOver } from '../support/work.ts'
import { bringCertificate, type Certified, mayUse, startCertified } from './console-certificate.ts'
import { fitsAPhone, look } from './console-checks.ts'
import { patient, type Seat } from './console-driver.ts'
import type { Office } from './console-office.ts'
import { sitWithPasskey } from './console-passkey.ts'
import { cells, type SqlDesk, underWay, type Where } from './console-sql-desk.ts'

/** As much as is asked of the browser's text area. */
interface Area {
  value: string
  selectionStart: number
  selectionEnd: number
  setSelectionRange(from: number, to: number): void
}

/** PostgreSQL on a page of the console, beside psql. To be called within a `describe`. */
export function postgresInTheBrowser(office: Office, seat: () => Seat, { begin, run, likeNative }: SqlDesk): void {
  let alice: Person
  let carol: Person
  let orders: Where
  let certified: Certified | undefined

  beforeAll(async () => {
    alice = await office.claviger.person('alice')
    carol = await office.claviger.person('carol')
    const at = 'app_admin@orders-db'
    await takeOver(office.claviger, [at])
    const given = await grant(alice, await office.claviger.person('bob'), at)
    orders = { at, door: 'postgres', database: 'postgres', request: given.request.id, grant: given.grant.id }
  })
  afterAll(() => certified?.server.stop())

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
}
