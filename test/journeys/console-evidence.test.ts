import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { audit, call, session } from '@claviger/api'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handOutCode } from '../../cli/src/codes/hand-out.ts'
import { readLabPerson } from '../../cli/src/codes/people.ts'
import { verifyProof } from '../../cli/src/verify/index.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { until } from '../support/until.ts'
import { grant, takeOver } from '../support/work.ts'
import { clean, content, fitsAPhone, heading, look } from './console-checks.ts'
import { enter, openBrowser, patient, type Seat, sit, tabTo } from './console-driver.ts'
import { keptResultsInTheBrowser } from './console-kept-results.ts'
import { addPasskey, byName } from './console-passkey.ts'

/*
 * What an officer finds out with the console alone: the statements of somebody's psql, whether the log is still the one that was kept outside,
 * and, when it is not, what they accept by going on. One test follows from the one before.
 */

const at = 'app_admin@orders-db'
let claviger: Claviger
let browser: Browser
let carol: Seat
let officer: Person
let ended: session.Session
let granted: string
/** The place of the newest entry when all that officers need to take note was in the ledger. */
let known: number

beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
  browser = await openBrowser()
  officer = await claviger.person('carol')
  const alice = await claviger.person('alice')
  await takeOver(claviger, [at])
  granted = (await grant(alice, await claviger.person('bob'), at)).grant.id
  writeFileSync(join(claviger.work, 'ca.pem'), await (await fetch(`${claviger.base}/api/gateway-ca.pem`)).text())
  const input = [
    'select 6 * 7;',
    'select * from nothing_there;',
    `create role made_here password 'very secret indeed';`,
    'drop role made_here;',
    `select generate_series(1, 300), 'a line that is long enough to be wider than any phone, and then some more of it after that';`,
  ].join('\n')
  const ran = await psql(input)
  expect(ran.said).toContain('42')
  ended = await settled()
  carol = await enter(browser, claviger, 'carol', '/sessions', 'Sessions', { baseURL: byName({ claviger }) })
  await addPasskey(carol)
  const superuser = await claviger.superuser()
  const [last] = await superuser.sql('select max(place)::int as place from ledger_entry')
  known = Number(last?.place)
  await superuser.close()
  await carol.page.goto('/sessions')
})
afterAll(async () => {
  await browser?.close()
  await claviger?.stop()
})

/** With a ticket of its own each time: one is good for five minutes. */
async function psql(input: string, ...more: string[]): Promise<{ said: string }> {
  const alice = await claviger.person('alice')
  const { ticket, user, port } = must(await call(alice.api, session.issueTicket, { params: { id: granted } }))
  const env = {
    ...{ PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: `${port}`, PGUSER: user, PGPASSWORD: ticket, PGDATABASE: 'postgres' },
    ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: join(claviger.work, 'ca.pem') },
  }
  return await runProgram('psql', ['-X', '-q', ...more], { env, seconds: 240, input })
}

/** The newest session, once it is over. */
const settled = async () =>
  await until('the session to be settled', async () => {
    const [one] = must(await call(officer.api, session.sessions, { query: { limit: 1 } })).sessions
    return one?.endedAt ? one : undefined
  })

/** A session with more statements than two pages hold. */
async function many(): Promise<string> {
  const input = Array.from({ length: 1_300 }, (_, n) => `select ${n + 1};`).join('\n')
  const ran = await psql(input, '-t')
  expect(ran.said).toContain('1300')
  const { id } = await settled()
  expect(id).not.toBe(ended.id)
  return id
}

/** The text of what a link or button has the browser save. */
async function saved(page: Page, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return readFileSync(await download.path(), 'utf8')
}

describe('the statements of a session with psql', () => {
  const statements = (page: Page) => page.getByRole('region', { name: 'Statements' })
  const row = (page: Page, name: RegExp) => statements(page).getByRole('link', { name })

  test('the session is found by its account, and its statements stand in it, none of them a password', async () => {
    const { page } = carol
    await page.getByRole('searchbox', { name: 'Person, or account@target' }).fill('orders-db')
    await page.getByRole('link', { name: `Alice Moreau on ${at}` }).click()
    await heading(page, `Alice Moreau on ${at}`).waitFor()
    await row(page, /^Statement 1 .*select 6 \* 7/).waitFor()
    await content(page, { path: '', shows: 'Verified.' }).waitFor()
    expect(await row(page, /^Statement/).count()).toBe(5)
    expect(await statements(page).innerText()).not.toContain('very secret indeed')
    await clean(page)
    await fitsAPhone(page, { path: 'the statements', shows: '' })
  })

  test('one is opened by keyboard, says what came of it, and has an address of its own', async () => {
    const { page } = carol
    await tabTo(page, row(page, /nothing_there/))
    await page.keyboard.press('Enter')
    await statements(page).getByText('relation "nothing_there" does not exist').waitFor()
    expect(page.url()).toContain('?statement=2')
    await clean(page)
    await fitsAPhone(page, { path: 'an opened statement', shows: '' })
    await page.goto(`/sessions/${ended.id}?statement=3`)
    await statements(page).getByText('What may be a password was masked').waitFor()
  })

  test('those that failed alone are shown, and those that hold some text', async () => {
    const { page } = carol
    await page.goto(`/sessions/${ended.id}`)
    await page.getByLabel('Outcome').selectOption({ label: 'Failed' })
    await expect
      .poll(() => row(page, /^Statement/).allInnerTexts(), patient)
      .toSatisfy((texts: string[]) => texts.length > 0 && texts.every((text) => text.includes('Failed')))
    await page.getByLabel('Outcome').selectOption({ index: 0 })
    await page.getByRole('searchbox', { name: 'Text in SQL, parameters or errors' }).fill('generate_series')
    await expect.poll(() => row(page, /^Statement/).count(), patient).toBe(1)
  })

  test('thousands are read page by page as one viewing; a page that does not come says so, the rest stays, and it comes by itself', async () => {
    const { page } = carol
    const long = await many()
    await page.goto(`/sessions/${long}`)
    await statements(page).getByRole('heading', { name: /1,300/ }).waitFor()
    await content(page, { path: '', shows: 'Verified.' }).waitFor()
    await look(page, 'statements')
    const more = statements(page).getByRole('button', { name: 'Show more' })
    const pages = /\/statements\?.*after=500/
    await page.route(pages, (route) => route.fulfill({ status: 502, body: 'away' }))
    while ((await row(page, /^Statement/).count()) < 500) await more.click()
    const away = statements(page).getByRole('alert')
    await away.waitFor()
    await look(page, 'statements-failing')
    expect(await row(page, /^Statement/).count()).toBe(500)
    await page.unroute(pages)
    await away.waitFor({ state: 'detached' })
    while ((await more.count()) > 0) await more.click()
    await row(page, /^Statement 1300 /).waitFor()
    const viewings = must(await call(officer.api, audit.ledger, { query: { act: 'recording.viewed', about: long } }))
    expect(viewings.entries).toHaveLength(1)
    await page.goto(`/sessions/${ended.id}`)
    await row(page, /^Statement 1 /).waitFor()
  })

  test('all of them are a file, for programs or for reading', async () => {
    const { page } = carol
    const take = async (what: RegExp) => {
      await page.getByRole('button', { name: 'Export' }).click()
      return await saved(page, () => page.getByRole('menuitem', { name: what }).click())
    }
    const lines = (await take(/^JSON lines/)).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual([1, 2, 3, 4, 5])
    expect(await take(/^Text/)).toMatch(/#2 {2}select \* from nothing_there/)
  })
})

describe('results that policy has kept', () => keptResultsInTheBrowser(() => ({ claviger, carol, at })))

describe('the log', () => {
  let kept: string

  test('is still the one that was kept outside: the browser says so, and so does the file without a server', async () => {
    const { page } = carol
    kept = must(await call(officer.api, audit.checkpoint)).note
    must(await call(officer.api, session.sessionStatements, { params: { id: ended.id } })) // one entry more
    await page.goto('/ledger')
    await page.getByRole('link', { name: 'Checkpoints' }).click()
    await heading(page, 'Checkpoints').waitFor()
    await page.getByLabel('A checkpoint that you kept').fill(kept)
    await page.getByText('Still the same log').waitFor()
    await expect.poll(() => page.getByText('Holds', { exact: true }).count(), patient).toBe(5)
    await clean(page)
    await fitsAPhone(page, { path: 'the checkpoints', shows: '' })
    const proof = await saved(page, () => page.getByRole('link', { name: 'Proof file' }).click())
    expect(verifyProof(proof, { checkpoint: kept })).toMatchObject({ ok: true, anchored: true, kind: 'consistency' })
  })

  test('another checkpoint than the one that was signed is seen', async () => {
    const { page } = carol
    const [name = '', size = '', root = '', ...rest] = kept.split('\n')
    const other = `${root.startsWith('A') ? 'B' : 'A'}${root.slice(1)}`
    await page.getByLabel('A checkpoint that you kept').fill([name, size, other, ...rest].join('\n'))
    await page.getByText('Not the log that it was').waitFor()
    await page.getByLabel('A checkpoint that you kept').fill('something else')
    await page.getByText('That is no checkpoint').waitFor()
  })

  test('an earlier checkpoint of the list is compared by keyboard', async () => {
    const { page } = carol
    await page.goto('/ledger/checkpoints')
    const first = page.getByRole('link', { name: /^Compare the log of/ }).nth(3)
    await first.waitFor()
    await tabTo(page, first)
    await page.keyboard.press('Enter')
    await page.getByText('Still the same log').waitFor()
  })
})

test('no browser had anything to complain about', () => expect(carol.complaints).toEqual([]))

describe('when the database is not what was signed any more', () => {
  test('whoever has the console open reads what is wrong, and what two officers accept', async () => {
    const superuser = await claviger.superuser()
    await superuser.sql('alter table ledger_entry disable trigger user')
    await superuser.sql(`delete from ledger_personal where entry_id in (select id from ledger_entry where place > ${known})`)
    await superuser.sql(`delete from ledger_entry where place > ${known}`)
    await superuser.sql(`delete from ledger_checkpoint where size > ${known}`)
    await superuser.close()
    process.kill(claviger.pid('keeper'), 'SIGKILL')
    const { page } = carol
    // nobody presses anything: the page asks by itself. What answers it may be about to be started anew
    await until(
      'the page',
      async () =>
        await page
          .goto('/')
          .catch(() => undefined)
          .then((answer) => answer?.ok()),
    )
    await heading(page, 'The ledger is not what was signed').waitFor({ timeout: 120_000 })
    await page.getByText('0 of 2').waitFor()
    await page.getByText('It does not say that nothing happened.').waitFor()
    await clean(page)
    await fitsAPhone(page, { path: 'the diverged ledger', shows: '' })
  })

  test('so does who comes to sign in, before they type a password', async () => {
    const seat = await sit(browser, claviger, 'alice')
    await seat.page.goto('/sign-in')
    await heading(seat.page, 'The ledger is not what was signed').waitFor()
    await seat.close()
  })

  test('an officer takes note with her passkey in the browser that was signed in; one is not enough; who is none is refused', async () => {
    const { page } = carol
    const give = async (name: string) => {
      await page.getByLabel('Name').fill(name)
      await page.getByLabel('Password', { exact: true }).fill(readLabPerson(claviger.data, name).password)
      await page.getByLabel('I have read what is wrong, and what follows').check()
    }
    const { totpSecret } = readLabPerson(claviger.data, 'alice')
    await page.getByLabel('Code').fill((await handOutCode(claviger.data, 'alice', totpSecret, { from: 'soonest' })).code)
    await give('alice')
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'Only members of the security group' }).waitFor()
    await give('carol')
    await look(page, 'diverged-by-passkey')
    await page.getByRole('button', { name: 'Use a passkey: Acknowledge' }).click()
    await page.getByText('Acknowledged. Nothing opens yet').waitFor()
    await page.getByText('1 of 2').waitFor()
    await clean(page)
  })
})
