import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { access, audit, call, session } from '@claviger/api'
import { beforeAll, describe, expect, test } from 'vitest'
import { must } from '../support/person.ts'
import { sftp, ssh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { grant, takeOver, targetNamed, workAccount } from '../support/work.ts'
import { clean, content, fitsAPhone, heading, outlives, type Shown } from './console-checks.ts'
import { patient, type Seat, tabTo } from './console-driver.ts'
import { openOffice } from './console-office.ts'

/* Every page of the console in a real Chromium: read by machines, on a phone, while the server fails, and when there is nothing to show. */

const office = openOffice()
let carol: Seat
let alice: Seat
let pages: Shown[]

beforeAll(async () => {
  carol = await office.enter('carol', '/', /^Good .*, Carol$/)
})

describe('before anything happened', () => {
  const empty: Shown[] = [
    { path: '/requests', shows: 'You have asked for nothing yet' },
    { path: '/approvals', shows: 'Nothing waits for you' },
    { path: '/approvals?show=decided', shows: /^No(thing|body)/ },
    { path: '/sessions', shows: 'No session yet' },
    { path: '/targets?search=nothing-is-called-this', shows: 'No target is like that' },
    { path: '/accounts?search=nothing-is-called-this', shows: 'No account is like that' },
    { path: '/people?search=nobody-is-called-this', shows: /^Nobody is like that|^No person is like that/ },
    { path: '/ledger?search=nothingislikethis', shows: 'No entry is like that' },
    { path: '/policies?show=who', shows: 'Choose an account.' },
    { path: '/imports', shows: 'Nothing was imported' },
  ]
  test.each(empty)('$path says that there is nothing', async (shown) => {
    await carol.page.goto(shown.path)
    await content(carol.page, shown).waitFor()
    await clean(carol.page)
  })
})

describe('with work going on', () => {
  beforeAll(async () => {
    await takeOver(office.claviger, [office.at])
    const [asker, approver] = [await office.claviger.person('alice'), await office.claviger.person('bob')]
    const { request } = await grant(asker, approver, office.at)
    await ssh(office.claviger, asker, office.at, 'echo seen')
    const plan = join(office.claviger.work, 'plan')
    writeFileSync(plan, 'the plan')
    expect(await sftp(office.claviger, asker, office.at, [`put ${plan} /tmp/plan`, `get /tmp/plan ${plan}.back`, 'rm /tmp/plan'])).toBe(0)
    expect(readFileSync(`${plan}.back`, 'utf8')).toBe('the plan')
    const waiting = must(
      await call(asker.api, access.fileRequest, { body: { account: office.at, duration: '30m', reason: 'The next release' } }),
    )
    const api = (await office.claviger.person('carol')).api
    const settled = (kind: 'exec' | 'files') =>
      until(`the session (${kind}) to be settled`, async () =>
        must(await call(api, session.sessions, { query: { limit: 5 } })).sessions.find(
          (s) => s.kind === kind && s.endedAt && s.recording?.state === 'sealed',
        ),
      )
    const [ended, transfer] = [await settled('exec'), await settled('files')]
    const { entries } = must(await call(api, audit.ledger, { query: { act: 'access.granted', limit: 1 } }))
    const [web01, account] = [await targetNamed(office.claviger, 'web01'), await workAccount(office.claviger)]
    pages = [
      { path: '/', shows: /privileged accounts? (stand|open)/ },
      { path: '/requests/new', shows: 'For how long' },
      { path: '/approvals', shows: 'The next release' },
      { path: `/approvals/${waiting.id}`, shows: 'Policy demands' },
      { path: `/approvals/${request.id}`, shows: /Approved by Bob Lindqvist/ },
      { path: '/sessions', shows: office.at },
      { path: `/sessions/${ended.id}`, shows: 'Verified.' },
      { path: `/sessions/${transfer.id}`, shows: '/tmp/plan' },
      { path: '/targets', shows: 'web01' },
      { path: `/targets/${web01.id}`, shows: 'Pinned: it proves this before it hears a credential' },
      { path: '/accounts', shows: office.at.split('@')[0] ?? '' },
      { path: `/accounts/${account.id}`, shows: 'taken over' },
      { path: '/people', shows: 'Alice Moreau' },
      { path: `/people/${asker.id}`, shows: 'Authenticator' },
      { path: '/policies', shows: 'tier-1' },
      { path: `/policies?show=who&account=${encodeURIComponent(office.at)}`, shows: /^People who could: \d/ },
      { path: '/credentials', shows: /credentials/ },
      { path: '/passwords', shows: 'Where none says more' },
      { path: '/break-glass', shows: 'There is no key for emergencies yet' },
      { path: '/ledger', shows: 'Access granted' },
      { path: `/ledger/${entries[0]?.id}`, shows: 'The checkpoint is signed by the key of this log' },
      { path: '/controls', shows: 'holds the keys and signs the ledger' },
      { path: '/targets/new', shows: '2. Who it is' },
    ]
  })

  test('axe finds no barrier on any page, in light or dark, and none is wider than a phone', async () => {
    const { page } = carol
    for (const shown of pages) {
      await page.goto(shown.path)
      await content(page, shown).waitFor()
      await clean(page)
      await fitsAPhone(page, shown)
      // what people read has names, not the ids and codes that programs use
      const text = await page.locator('main').innerText()
      if (!shown.path.includes('/ledger/'))
        expect(text.match(/\b(grant_ended|ended_by_officer|[a-z]+\.[a-z]+_[a-z]+)\b/g), shown.path).toBeNull()
    }
  })

  test('a transfer shows what was done to which file, and is found by a part of its path', async () => {
    const { page } = carol
    const transfer = pages.find(({ shows }) => shows === '/tmp/plan')
    await page.goto(transfer?.path ?? '')
    const files = page.getByRole('region', { name: 'Files' })
    const rows = files.getByRole('listitem')
    await rows.filter({ hasText: 'Removed' }).waitFor()
    const [first] = await rows.allInnerTexts()
    expect(first?.replaceAll(/\s+/g, ' ')).toMatch(/Uploaded \/tmp\/plan 8 bytes Done SHA-256 [0-9a-f]{16}…/)
    await files.getByLabel('Part of a path or hash').fill('no such file')
    await files.getByText('No file is like that.').waitFor()
    await files.getByLabel('Part of a path or hash').fill('PLAN')
    await rows.filter({ hasText: 'Downloaded' }).waitFor()
  })

  test('every page says that nobody answers, and shows itself when the server is back', async () => {
    // a form that asks nothing of the server has nothing to fail with
    const asking = pages.filter(({ path }) => !path.endsWith('/new'))
    await outlives(carol.page.context(), asking, 'cut')
  })

  test('a server that answers only with failures is said in words, with what its log knows it as', async () => {
    const some = pages.filter(({ path }) => ['/', '/sessions', '/accounts', '/ledger'].includes(path))
    await outlives(carol.page.context(), some, '500')
  })

  test('a page that was never opened before is found again when the server comes back', async () => {
    // of its own, so that no page's code lies in its cache
    const context = await office.browser.newContext({
      baseURL: office.claviger.base,
      storageState: await carol.page.context().storageState(),
    })
    context.setDefaultTimeout(patient.timeout)
    const fresh = await context.newPage()
    await fresh.goto('/')
    await heading(fresh, /^Good .*, Carol$/).waitFor()
    await context.setOffline(true)
    await fresh.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Controls' }).click()
    await fresh
      .locator('main')
      .getByText(/Claviger does not answer/)
      .first()
      .waitFor()
    await context.setOffline(false)
    await heading(fresh, 'Controls').waitFor()
    await context.close()
  })

  test('alice asks for access by keyboard alone', async () => {
    alice = await office.enter('alice', '/requests/new', 'New request')
    const { page } = alice
    await tabTo(page, page.getByRole('combobox', { name: 'Account' }))
    await page.keyboard.type(office.at)
    await page.keyboard.press('Tab')
    await tabTo(page, page.getByLabel('Reason'))
    await page.keyboard.type('By keyboard')
    await page.getByRole('region', { name: 'What policy demands' }).getByText('One approval, by someone else').waitFor()
    await tabTo(page, page.getByRole('button', { name: 'Ask for access' }))
    await page.keyboard.press('Enter')
    await heading(page, `Alice Moreau asks for ${office.at}`).waitFor()
    await clean(page)
  })
})

test('no browser had anything to complain about', () => {
  const ours = [...carol.complaints, ...alice.complaints]
  expect(ours).toEqual([])
})
