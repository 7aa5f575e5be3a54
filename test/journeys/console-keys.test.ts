import { call, seal } from '@claviger/api'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sealStatus } from '../support/custodians.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { until } from '../support/until.ts'
import { fitsAPhone } from './console-checks.ts'
import { barriers, confirm, type Seat } from './console-driver.ts'
import { openOffice } from './console-office.ts'

/*
 * Key ceremonies by people who have a browser: new location keys, from a key file to shares, and new shares that are begun elsewhere, confirmed here,
 * and given up. The second of the two people is at a terminal. One test follows from the one before.
 */

const office = openOffice()
let carol: Seat
let adam: Person
const shares: string[] = []

beforeAll(async () => {
  adam = await invite(office.claviger, await office.claviger.person('carol'), 'adam', ['administrators'])
  carol = await office.enter('carol', '/controls', 'Controls')
})
afterAll(() => expect(carol?.complaints ?? []).toEqual([]))

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const section = (page: Page, name: string | RegExp) => page.getByRole('region', { name })
const clean = async (page: Page) => {
  expect(await barriers(page)).toEqual([])
  await fitsAPhone(page, { path: page.url(), shows: '' })
}
const adamConfirms = () => withCode(adam.code, (code) => call(adam.api, seal.ceremonyConfirm, { body: { code } }))
const field = (page: Page) => page.getByLabel('Your share', { exact: true })

describe('new location keys', () => {
  test('are begun on a page of their own, which says what each ceremony is for', async () => {
    const { page } = carol
    await section(page, 'The seal').getByRole('link', { name: 'Keys and ceremonies' }).click()
    await heading(page, 'Keys').waitFor()
    await section(page, 'The seal').getByText('a key file beside the data').waitFor()
    await page.getByText('Everything lies under the newest keys.').waitFor()
    await clean(page)
    await page.getByRole('button', { name: 'New location keys…' }).click()
    const dialog = page.getByRole('dialog')
    for (const location of ['system', 'recordings', 'officers']) await dialog.getByLabel(location, { exact: true }).uncheck()
    expect(await barriers(page)).toEqual([])
    await confirm(carol, 'Begin', section(page, 'New location keys'))
  })

  test('wait for the second person, and are made where they were begun', async () => {
    const { page } = carol
    const make = page.getByRole('button', { name: 'Make the new keys' })
    await page.getByText('You began it:').waitFor()
    expect(await make.isDisabled()).toBe(true)
    await clean(page)
    await adamConfirms()
    await page.getByText('Everybody is there.').waitFor()
    await make.click()
    const row = page.getByRole('row').filter({ hasText: 'credentials of accounts' })
    await row.getByRole('cell', { name: '2', exact: true }).waitFor()
    await row.getByText('destroyed').waitFor()
    await page.getByText('Everything lies under the newest keys.').waitFor()
    await clean(page)
  })
})

describe('another seal', () => {
  test('is handed out to one custodian after another, each of whom types the share back, and counts with the last', async () => {
    const { page } = carol
    await page.getByRole('button', { name: 'Another seal…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('shares of custodians').check()
    await dialog.getByLabel('Custodians', { exact: true }).fill('3')
    await dialog.getByLabel('Needed to open').fill('4')
    await dialog.getByText('At most 3, as many as there are').waitFor()
    await dialog.getByLabel('Needed to open').fill('2')
    expect(await barriers(page)).toEqual([])
    await confirm(carol, 'Begin', section(page, 'A new root key, under shares of custodians'))
    await adamConfirms()
    await page.getByText('Everybody is there.').waitFor()
    await page.getByRole('button', { name: 'Make the new root key' }).click()
    for (let number = 1; number <= 3; number++) {
      await heading(page, `Share ${number} of 3`).waitFor()
      await page.getByRole('button', { name: `Show share ${number}` }).click()
      await page.locator('main code').first().waitFor()
      const groups = await page.locator('main code').allTextContents()
      shares.push(groups.join('-'))
      await page.getByRole('button', { name: 'I have written it down' }).click()
      if (number === 1) {
        await field(page).fill('clvs-00000')
        await page.keyboard.press('Enter')
        await page.getByRole('alert').filter({ hasText: 'That is no whole share' }).waitFor()
        await clean(page)
      }
      expect((await sealStatus(office.claviger)).kind).toBe('dev')
      await field(page).fill(groups.join('-'))
      await page.keyboard.press('Enter')
    }
    await heading(page, 'Every custodian has a share').waitFor()
    expect(await sealStatus(office.claviger)).toMatchObject({ state: 'open', kind: 'shamir', shares: { threshold: 2, shares: 3 } })
    await page.getByRole('button', { name: 'Back to the keys' }).click()
    await heading(page, 'Keys').waitFor()
    await section(page, 'The seal').getByText('any 2 of 3 open it').waitFor()
  })
})

describe('new shares that somebody else begins', () => {
  test('are confirmed here, custodians give theirs at this screen, and only who began it goes on', async () => {
    const { page } = carol
    await withCode(adam.code, (code) =>
      call(adam.api, seal.ceremonyBegin, { body: { code, plan: { goal: 'replace', shares: 3, threshold: 2 } } }),
    )
    await section(page, 'A new root key, under new shares').waitFor()
    await page.getByRole('button', { name: 'Confirm…' }).click()
    await confirm(carol, 'Confirm', page.getByText('A second person confirms: done'))
    await field(page).fill(shares[0] ?? '')
    await page.getByRole('button', { name: 'Give this share' }).click()
    await page.locator('strong', { hasText: '1 of 2 shares given' }).waitFor()
    await clean(page)
    await field(page).fill(shares[0] ?? '')
    await page.getByRole('button', { name: 'Give this share' }).click()
    await page.getByRole('alert').filter({ hasText: 'Share 1 was given already' }).waitFor()
    await field(page).fill(shares[2] ?? '')
    await page.getByRole('button', { name: 'Give this share' }).click()
    await page.getByText('Whoever began it goes on, where they began it.').waitFor()
    expect(await page.getByRole('button', { name: 'Make the new root key' }).count()).toBe(0)
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])')).not.toContain(shares[0]?.slice(5, 16))
  })

  test('are given up with a code, and nothing was changed', async () => {
    const { page } = carol
    const { shares: before } = await sealStatus(office.claviger)
    await page.getByRole('button', { name: 'Give it up…' }).click()
    await confirm(carol, 'Give it up', page.getByRole('heading', { level: 2, name: 'Ceremonies' }))
    expect(await sealStatus(office.claviger)).toMatchObject({ ceremony: null, shares: { set: before?.set } })
  })

  test('are in the ledger in words', async () => {
    const { page } = carol
    await page.goto('/ledger?act=seal.')
    await heading(page, 'Ledger').waitFor()
    await until('the entries', async () => (await page.getByRole('link', { name: /ceremony/i }).count()) > 2)
    const body = (await page.locator('body').textContent()) ?? ''
    for (const share of shares) expect(body).not.toContain(share.slice(5, 16))
    must(await call(adam.api, seal.keyProgress))
  })
})
