import { call, inventory } from '@claviger/api'
import { beforeAll, describe, expect, test } from 'vitest'
import { handOutCode } from '../../cli/src/codes/hand-out.ts'
import { readLabPerson } from '../../cli/src/codes/people.ts'
import { manyRows } from '../../server/src/domains/inventory/test/many-rows.ts'
import { must, withCode } from '../support/person.ts'
import { grant, takeOver } from '../support/work.ts'
import { clean, heading, look } from './console-checks.ts'
import { confirm, patient, type Seat } from './console-driver.ts'
import { openOffice } from './console-office.ts'

/* Home, targets and accounts in a real Chromium against the real server, with a fleet of 5,000 targets and 20,000 accounts beside the lab. */

const office = openOffice()
let carol: Seat
let alice: Seat

beforeAll(async () => {
  await takeOver(office.claviger, [office.at])
  const superuser = await office.claviger.superuser()
  for (const statement of manyRows({ targets: 5000, accounts: 20_000 })) await superuser.sql(statement)
  await superuser.close()
})

describe('home', () => {
  test('shows an engineer what she may use now, with the command, and no alarms of the house', async () => {
    await grant(await office.claviger.person('alice'), await office.claviger.person('bob'), office.at)
    alice = await office.enter('alice', '/', /^Good .*, Alice$/)
    const { page } = alice
    const mine = page.getByRole('region', { name: /^Your access/ })
    await mine.getByRole('link', { name: office.at }).waitFor()
    await mine.getByText(`./claviger connect ${office.at}`).waitFor()
    expect(await page.getByRole('region', { name: 'Alarms' }).count()).toBe(0)
    expect(await page.getByRole('region', { name: /^Waits for you/ }).count()).toBe(0)
    await clean(page)
  })

  test('shows an officer how privileged access stands, tier by tier, and leads to what stands open', async () => {
    carol = await office.enter('carol', '/', /^Good .*, Carol$/)
    const { page } = carol
    await page.getByText(/of 20,\d{3} privileged accounts stand open/).waitFor()
    await page.getByRole('region', { name: 'Alarms' }).waitFor()
    await page.getByRole('region', { name: /^Waits for you/ }).waitFor()
    await clean(page)
    await page.getByRole('link', { name: /^5,000 standing, Tier 2/ }).click()
    await heading(page, 'Accounts').waitFor()
    await page.getByText(/^1–50 of 5,0\d\d$/).waitFor()
    expect(new URL(page.url()).search).toBe('?tier=2&state=found')
  })
})

describe('thousands of rows', () => {
  test('the list answers a page, and the page holds no more rows than that', async () => {
    const person = await office.claviger.person('carol')
    const answer = must(await call(person.api, inventory.accounts, { query: { limit: 500 } }))
    expect(answer.accounts).toHaveLength(500)
    expect(answer.total).toBeGreaterThan(20_000)

    const { page } = carol
    await page.goto('/targets')
    await page.getByText(/^1–50 of 5,002$/).waitFor()
    expect(await page.getByRole('row').count()).toBe(51)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText(/^51–100 of 5,002$/).waitFor()
    await page.goBack()
    await page.getByText(/^1–50 of 5,002$/).waitFor()
    expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(3000)
    await clean(page)
  })

  test('a search from the keyboard finds one among them, and opens it', async () => {
    const { page } = carol
    await page.keyboard.press('/')
    await page.keyboard.type('fleet-4711')
    await page.getByText('1 in all').waitFor()
    await page.keyboard.press('Tab')
    await page.locator('h1').focus()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await heading(page, 'fleet-4711').waitFor()
    await page.keyboard.press('Escape')
    await heading(page, 'Targets').waitFor()
  })

  test('what nothing is like is said', async () => {
    const { page } = carol
    await page.goto('/accounts?search=nobody-is-called-this')
    await page.getByRole('heading', { name: 'No account is like that' }).waitFor()
    await clean(page)
  })
})

describe('one target', () => {
  test('another one is added only after it said who it is', async () => {
    const { page } = carol
    await page.goto('/targets/new')
    await heading(page, 'Add a target').waitFor()
    await clean(page)
    await page.getByText('Give it a name.').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('web02')
    await page.getByLabel('Host').fill('127.0.0.1')
    await page.getByLabel('Port').fill(String(office.claviger.ports.web01))
    await page.getByText('Ask it who it is.').waitFor()
    await page.getByRole('button', { name: 'Ask it who it is' }).click()
    await page.getByText(/^SHA256:/).waitFor()
    await page.getByLabel('I compared this').check()
    await page.getByText('Give the account that manages it, with its credential.').waitFor()
    // another address: what was compared belongs to the one before
    await page.getByLabel('Port').fill('1')
    await page.getByText('Ask it who it is.').waitFor()
  })

  test('is searched for accounts, and the answer says what came of it', async () => {
    const { page } = carol
    await page.goto('/targets?search=web01')
    await page.getByRole('link', { name: 'web01', exact: true }).click()
    await heading(page, 'web01').waitFor()
    await page.getByRole('button', { name: 'Search for accounts' }).click()
    await page.getByText(/^\d+ privileged accounts? found, 0 new\.$/).waitFor()
    await clean(page)
    await page.keyboard.press('Escape')
  })

  test('that becomes another one ends what ran on it, after a fresh code', async () => {
    const { page } = carol
    await page.getByRole('button', { name: 'Change…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change web01' })
    await dialog.getByRole('button', { name: 'Ask it who it is' }).click()
    await dialog.getByText('It is who was pinned.').waitFor()
    await dialog.getByText('Nothing would change yet.').waitFor()
    await clean(page)
    await dialog.getByLabel('Environment').selectOption('staging')
    await confirm(carol, 'Change target', page.getByText('Changed. Void by it: 1 request and 1 grant.'))
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Changed: environment').first().waitFor()
    const mine = alice.page.getByRole('region', { name: /^Your access/ })
    await mine.getByRole('link', { name: office.at }).waitFor({ state: 'detached' })
  })
})

describe('one account', () => {
  test('gets a new credential on the word of an administrator, and its page shows the proof', async () => {
    const { page } = carol
    await page.goto('/accounts?search=web01')
    await page.getByRole('link', { name: office.at, exact: true }).click()
    await heading(page, office.at).waitFor()
    const proven = page.getByRole('region', { name: 'Rotations' }).getByText('Proven')
    await proven.first().waitFor()
    const before = await proven.count()
    await page.getByRole('button', { name: 'Rotate now…' }).click()
    await page.getByLabel('Reason').fill('seen on a screen')
    await clean(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate now' }).click()
    await page.getByText('Rotated, and proven by a fresh login.').waitFor(patient)
    await expect.poll(() => proven.count(), patient).toBeGreaterThan(before)
    await clean(page)
  })
})

describe('what Claviger does not reach', () => {
  let billing: string
  beforeAll(async () => {
    const officer = await office.claviger.person('carol')
    const body = { name: 'billing', kind: 'stored', environment: 'lab' as const, tier: 2 as const, settings: {} }
    billing = (await withCode(officer.code, (code) => call(officer.api, inventory.addTarget, { body: { ...body, code } }))).id
  })

  /** Chooses a kind in the open dialog, and waits for the field that is its own. */
  const choose = async (kind: string, field: string) => {
    const dialog = carol.page.getByRole('dialog')
    await dialog.getByLabel('What it is').selectOption({ label: kind })
    await dialog.getByLabel(field, { exact: true }).waitFor()
    return dialog
  }

  test('takes an API key, whose account it makes; what is no certificate is refused in words, and the code is still good', async () => {
    const { page } = carol
    const { claviger } = office
    await page.goto(`/targets/${billing}`)
    await heading(page, 'billing').waitFor()
    await page.getByRole('button', { name: 'Bring in a credential…' }).click()
    const dialog = await choose('TLS certificate', 'Or its text')
    const seal = dialog.getByRole('button', { name: 'Seal it' })
    // every form is looked at before there is a code, which is good for so long and no longer
    await choose('JSON document', 'Or its text')
    await look(page, 'bring-json')
    await choose('API key', 'Id')
    await dialog.getByLabel('Secret', { exact: true }).fill('wJalrXUtnFEMI-K7MDENG')
    await look(page, 'bring-api-key')
    await choose('TLS certificate', 'Or its text')
    await dialog.getByLabel('Account').fill('payments')
    await dialog.getByLabel('Or its text').fill('no certificate')
    await look(page, 'bring-tls')
    const { code } = await handOutCode(claviger.data, 'carol', readLabPerson(claviger.data, 'carol').totpSecret)
    await dialog.getByLabel('Code').fill(code)
    await seal.click()
    await dialog
      .getByRole('alert')
      .getByText(/certificate/)
      .waitFor()
    await choose('API key', 'Id')
    await dialog.getByLabel('Code').fill(code)
    await dialog.getByLabel('Secret', { exact: true }).fill('wJalrXUtnFEMI-K7MDENG')
    expect(await seal.isDisabled()).toBe(true)
    await dialog.getByLabel('Id', { exact: true }).fill('AKIA-1')
    await seal.click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'payments@billing', exact: true }).waitFor()
  })

  test('and a file, byte for byte, on the page of its account', async () => {
    const { page } = carol
    await page.goto('/accounts?search=payments')
    await page.getByRole('link', { name: 'payments@billing', exact: true }).click()
    await heading(page, 'payments@billing').waitFor()
    await page.getByRole('button', { name: 'Bring in a credential…' }).click()
    const dialog = await choose('File', 'File')
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'keyring.p12', mimeType: 'application/x-pkcs12', buffer: Buffer.from([0, 255, 10, 13]) })
    await look(page, 'bring-file')
    await confirm(carol, 'Seal it', page.getByText('keyring.p12').first())
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('AKIA-1').first().waitFor()
    await look(page, 'brought')
    expect(await page.content()).not.toContain('wJalrXUtnFEMI')
  })

  test('several come from a file with one code: what would become of each is said first, and the list of imports has them afterwards', async () => {
    const { page } = carol
    await page.goto('/imports')
    await heading(page, 'Imports').waitFor()
    await look(page, 'imports-empty')
    const lines = [
      'Where,Who,Secret,Sort,Id',
      'billing,exports,{"token":"tok-3x7q"},JSON,',
      'billing,invoices,wJalrXUtnFEMI-K7MDENG,API key,AKIA-2',
      'billing,payments,wJalrXUtnFEMI-other,API key,AKIA-3',
      'nowhere,exports,anything,JSON,',
    ].map((line) => line.replace('{"token":"tok-3x7q"}', '"{""token"":""tok-3x7q""}"'))
    await page.locator('input[type=file]').setInputFiles({ name: 'apps.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
    await page.getByText('apps.csv: a form that nobody knows, 4 lines').waitFor()
    const columns = { Target: 'Where', Account: 'Who', Credential: 'Secret', Kind: 'Sort', 'Key id or file name': 'Id' }
    for (const [label, value] of Object.entries(columns)) await page.getByLabel(label, { exact: true }).selectOption(value)
    await page.getByRole('button', { name: 'See what would become of them' }).click()
    await page.getByText('exports@nowhere').waitFor()
    await page.getByRole('row').filter({ hasText: 'payments@billing' }).getByText('left: the vault has one already').waitFor()
    await look(page, 'imports-looked')
    expect(await page.getByRole('button', { name: /^Import/ }).count()).toBe(0)
    await page.getByRole('button', { name: 'Bring in 2…' }).click()
    await page.getByRole('dialog').getByText('each is kept as it is').waitFor()
    await look(page, 'imports-code')
    await confirm(carol, 'Bring in', page.getByRole('table', { name: 'What was brought in' }))
    expect(await page.getByRole('table', { name: 'What was brought in' }).getByText('stored', { exact: true }).count()).toBe(2)
    const row = page.getByRole('table', { name: 'Imports' }).getByRole('row').filter({ hasText: 'CSV: apps.csv' })
    await row.getByText('nothing waits').waitFor()
    expect((await row.getByRole('cell').allTextContents()).slice(3, 6)).toEqual(['2', '0', '0'])
    await look(page, 'imports-brought')
    for (const secret of ['tok-3x7q', 'wJalrXUtnFEMI']) expect(await page.content()).not.toContain(secret)
  })
})

describe('the SSH authority', () => {
  test('is trusted by a host that is told from its page', async () => {
    const { page } = carol
    await page.goto('/ssh-authority')
    await heading(page, 'SSH authority').waitFor()
    await page.getByText('None yet.').waitFor()
    await look(page, 'ssh-authority-empty')
    const { targets } = must(await call((await office.claviger.person('carol')).api, inventory.targets, { query: { search: 'web01' } }))
    await page.goto(`/targets/${targets.find(({ name }) => name === 'web01')?.id}`)
    await page.getByRole('button', { name: 'Have it trust us' }).click()
    await page.getByText('It trusts the SSH authority, version 1').waitFor({ timeout: 180_000 })
    await page.getByRole('link', { name: 'SSH authority' }).first().click()
    await page.getByRole('table', { name: 'Hosts that trust it' }).getByRole('link', { name: 'web01' }).waitFor()
    await look(page, 'ssh-authority')
  })

  test('gets another key on the word of an administrator, and its page says how far that is', async () => {
    const { page } = carol
    await page.getByRole('button', { name: 'Replace the key…' }).click()
    await page.getByRole('dialog').getByText('every host is told').waitFor()
    await look(page, 'ssh-authority-code')
    await confirm(carol, 'Begin', page.getByRole('heading', { name: /^(Replacement|Last replacement)$/ }))
    await page.getByText('Version 2 signs, and version 1 was destroyed').waitFor({ timeout: 180_000 })
    await page.getByRole('button', { name: 'Replace the key…' }).waitFor()
    await look(page, 'ssh-authority-done')
  })
})

test('through all of it no browser had anything to complain about', () => expect([...carol.complaints, ...alice.complaints]).toEqual([]))
