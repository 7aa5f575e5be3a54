import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handOutCode } from '../../cli/src/codes/hand-out.ts'
import { fromBase32 } from '../../cli/src/codes/totp.ts'
import { newP256Identity, openP256File } from '../../cli/src/kits/p256.ts'
import { splitRoot } from '../../server/src/keeper/seal/split-root.ts'
import { randomSecretBytes } from '../../server/src/platform/crypto/random.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { closing, give, sealStatus } from '../support/custodians.ts'
import { until } from '../support/until.ts'
import { barriers, openBrowser, patient, type Seat, sit } from './console-driver.ts'

/*
 * A server in earnest, from its first start on, by people who have a browser alone: its seal is made and handed out, custodians open it, its
 * first administrator signs in, closes it, and works on where they were when it is open again. One test follows from the one before.
 */

let claviger: Claviger
let browser: Browser
/** Holds the link that the server printed. */
let host: Seat
/** Reaches the console and nothing else. */
let custodian: Seat
const shares: string[] = []
let secret: Uint8Array

const phone = { viewport: { width: 375, height: 720 } }
const password = 'a sentence that nobody else thinks of'

beforeAll(async () => {
  claviger = await startClaviger({ lab: false, env: { CLAVIGER_SEAL: 'shamir' }, wait: false })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await claviger?.stop()
})

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
/** No barriers in light or dark, and nothing to scroll sideways, at the width of a screen and of a phone. */
const clean = async (page: Page) => {
  const before = page.viewportSize() ?? phone.viewport
  for (const size of [phone.viewport, { width: 1280, height: 800 }]) {
    await page.setViewportSize(size)
    expect(await barriers(page)).toEqual([])
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), patient).toBe(true)
  }
  await page.setViewportSize(before)
}
const field = (page: Page) => page.getByLabel('Your share', { exact: true })
const type = async (page: Page, share: string) => {
  await field(page).fill(share)
  await page.getByRole('button', { name: 'Give this share' }).click()
}
const progress = (page: Page, count: number) => page.locator('strong', { hasText: `${count} of 3 shares given` }).waitFor()
const refused = async (page: Page, share: string, sentence: RegExp) => {
  await type(page, share)
  await page.getByRole('alert').filter({ hasText: sentence }).waitFor()
}
const code = async () => (await handOutCode(claviger.work, 'ruth', secret, { from: 'soonest' })).code
const of = (number: number): string => shares[number - 1] ?? ''

/** A seal whose shares go to custodians who are elsewhere: each gets a file that they alone open. Until it is opened it is made anew. */
async function inFiles(page: Page): Promise<void> {
  const [bob, carol] = [newP256Identity(), newP256Identity()]
  await page.getByLabel('In files').check()
  const names = page.getByLabel('Names and public keys')
  await names.fill(`bob ${bob.recipient}\ncarol`)
  await page.getByText('Line 2 is no name with a public key behind it').waitFor()
  expect(await page.getByRole('button', { name: 'Make the seal' }).isDisabled()).toBe(true)
  await names.fill(`bob ${bob.recipient}\ncarol ${carol.recipient}`)
  await page.getByLabel('Needed to open').fill('2')
  await page.getByText('All 2 must come').waitFor()
  await clean(page)
  await page.getByRole('button', { name: 'Make the seal' }).click()
  await heading(page, 'A file for each custodian').waitFor()
  const goOn = page.getByRole('button', { name: 'Go on to open it' })
  for (const [i, [name, { identity }]] of Object.entries({ bob, carol }).entries()) {
    expect(await goOn.isDisabled()).toBe(true)
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: `Save the file for ${name}` }).click()
    const file = await coming
    expect(file.suggestedFilename()).toMatch(new RegExp(`^claviger-share-[0-9a-f]{10}-${i + 1}-${name}\\.p256$`))
    const text = readFileSync(await file.path(), 'utf8')
    expect(openP256File(identity, text)?.toString()).toMatch(/^clvs(-[0-9a-z]{4,5}){15}$/)
    expect(openP256File(name === 'bob' ? carol.identity : bob.identity, text)).toBeUndefined()
  }
  // not even the page that made them has a share that anybody could read
  expect(await page.content()).not.toContain('clvs-')
  await clean(page)
  await goOn.click()
}

describe('a server without a seal', () => {
  test('says at every address what a seal is, and which command makes the one that is wanted', async () => {
    custodian = await sit(browser, claviger, 'custodian', phone)
    const { page } = custodian
    await page.goto('/sessions')
    await heading(page, 'This server has no seal yet').waitFor()
    await page.getByText('./claviger init --shares 5 --threshold 3').waitFor()
    await clean(page)
    await page.getByLabel('Needed to open').fill('6')
    await page.getByText('At most 5, as many as there are').waitFor()
    expect(await page.getByText('./claviger init').count()).toBe(0)
    await page.getByLabel('Custodians').fill('7')
    await page.getByText('Any 6 of the 7 open it. One share may be lost').waitFor()
    await page.getByText('./claviger init --shares 7 --threshold 6').waitFor()
    // whoever only reaches the page is offered nothing to press
    expect(await page.getByRole('button', { name: 'Make the seal' }).count()).toBe(0)
  })

  test('hands each share to its custodian, to whoever opened the printed link, and goes on only when it was written down', async () => {
    const link = /\/setup\?token=\S+/.exec(claviger.said())?.[0] ?? ''
    host = await sit(browser, claviger, 'host')
    const { page } = host
    await page.goto(link)
    await heading(page, 'This server has no seal yet').waitFor()
    expect(page.url()).not.toContain('token')
    await clean(page)
    await inFiles(page)
    await page.getByRole('button', { name: 'Make the seal anew' }).click()
    await heading(page, 'Make the seal anew').waitFor()
    await page.getByRole('button', { name: 'Make the seal', exact: true }).click()
    for (let number = 1; number <= 5; number++) {
      await heading(page, `Share ${number} of 5`).waitFor()
      expect(await page.locator('main code').count()).toBe(0)
      if (number === 1) await clean(page)
      await page.getByRole('button', { name: `Show share ${number}` }).click()
      await page.locator('main code').first().waitFor()
      const groups = await page.locator('main code').allTextContents()
      shares.push(groups.join('-'))
      if (number === 1) await clean(page)
      await page.getByRole('button', { name: 'I have written it down' }).click()
      const end = page.getByLabel(`The last group of share ${number}`)
      if (number === 1) {
        await end.fill('none')
        await page.keyboard.press('Enter')
        await page.getByText('Share 1 does not end like that.').waitFor()
        await clean(page)
        await page.getByRole('button', { name: 'Show it again' }).click()
        await page.getByRole('button', { name: 'I have written it down' }).click()
      }
      await end.fill((groups.at(-1) ?? '').toUpperCase())
      await page.keyboard.press('Enter')
    }
    await heading(page, 'Every custodian has a share').waitFor()
    expect(shares.every((share) => /^clvs(-[0-9a-z]{4,5}){15}$/.test(share))).toBe(true)
    expect(await sealStatus(claviger)).toMatchObject({ state: 'sealed', shares: { given: 0, threshold: 3, shares: 5 } })
  })

  test('is opened from pages that go on by themselves', async () => {
    await host.page.getByRole('button', { name: 'Go on to open it' }).click()
    await heading(host.page, 'Claviger is sealed').waitFor()
    await heading(custodian.page, 'Claviger is sealed').waitFor()
    // until it was opened once, who holds the link may begin again; nobody else
    expect(await host.page.getByRole('button', { name: /Make the seal anew/ }).count()).toBe(1)
    expect(await custodian.page.getByRole('button', { name: /Make the seal anew/ }).count()).toBe(0)
    await clean(custodian.page)
  })
})

describe('a share', () => {
  test('is typed unseen, is not remembered by the browser, and is shown when its custodian wants to compare it', async () => {
    const { page } = custodian
    for (const [name, value] of Object.entries({ type: 'password', autocomplete: 'off', spellcheck: 'false' }))
      expect(await field(page).getAttribute(name)).toBe(value)
    await field(page).fill(of(1).slice(0, 30))
    await page.getByText('21 of 74 letters and digits').waitFor()
    await page.getByRole('button', { name: 'Show the share' }).click()
    expect(await field(page).inputValue()).toBe(of(1).slice(0, 30))
    expect(await field(page).getAttribute('spellcheck')).toBe('false')
    await clean(page)
    await page.getByRole('button', { name: 'Hide the share' }).click()
    expect(await field(page).getAttribute('type')).toBe('password')
  })

  test('counts at every screen, and says until when', async () => {
    const { page } = custodian
    await type(page, of(1))
    await progress(page, 1)
    await page.getByText('Taken. Now the next custodian.').waitFor()
    await page.getByText(/forgotten in (10:00|9:\d\d)/).waitFor()
    await expect.poll(() => field(page).inputValue(), patient).toBe('')
    await clean(page)
    await progress(host.page, 1)
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])')).not.toContain(of(1).slice(5, 16))
  })

  test('that is not the right one is refused, each with a sentence of its own, and stays to be put right', async () => {
    const { page } = custodian
    const other = (await splitRoot(randomSecretBytes(32), 5, 3)).texts.toString().split('\n')
    const flipped = `${of(2).slice(0, 20)}${of(2)[20] === 'x' ? 'y' : 'x'}${of(2).slice(21)}`
    await refused(page, of(1), /^Share 1 was given already/)
    await refused(page, of(2).slice(0, 50), /^That is no whole share/)
    await refused(page, flipped, /^That share is mistyped/)
    expect(await field(page).inputValue()).toBe(flipped)
    await clean(page)
    await refused(page, other[1] ?? '', /^That share is of another set/)
    await progress(page, 1)
  })
})

describe('enough of them', () => {
  test('open the server: the link goes on to its first administrator, and who has none is told that it takes one', async () => {
    expect(await give(claviger, of(2))).toMatchObject({ ok: true })
    await progress(host.page, 2)
    await progress(custodian.page, 2)
    await type(custodian.page, of(3))
    await heading(host.page, 'First run').waitFor()
    await heading(custodian.page, 'First run').waitFor()
    await custodian.page.getByText('This link is not complete').waitFor()

    const { page } = host
    expect(page.url()).not.toContain('token')
    await page.getByLabel('Name', { exact: true }).fill('ruth')
    await page.getByLabel('Full name').fill('Ruth Ames')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('Password again').fill(password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await heading(page, 'Your authenticator').waitFor()
    secret = fromBase32(((await page.locator('main code').first().getAttribute('title')) ?? '').replace(/\s/g, '')) ?? new Uint8Array()
    await page.getByLabel('Code').fill(await code())
    await page.getByRole('button', { name: 'Confirm and finish the first run' }).click()
    await heading(page, 'Done').waitFor()
  })

  test('let people sign in, who see how it is sealed', async () => {
    const { page } = host
    await page.goto('/controls')
    await heading(page, 'Sign in').waitFor()
    await page.getByLabel('Name').fill('ruth')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Code').fill(await code())
    await heading(page, 'Controls').waitFor()
    const card = page.getByRole('region', { name: 'The seal' })
    await card.getByText('any 3 of 5 open it').waitFor()
    await card.getByText(/, by 3 shares$/).waitFor()
    await clean(page)
  })
})

describe('closing it', () => {
  test('takes a code of the moment, and leads whoever works to the custodians', async () => {
    const { page } = host
    await page.getByRole('button', { name: 'Close the seal…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('3 of the 5 custodians').waitFor()
    await clean(page)
    await dialog.getByLabel('Code').fill('000000')
    await dialog.getByRole('button', { name: 'Close the seal' }).click()
    await dialog.getByRole('alert').waitFor()
    expect(await sealStatus(claviger)).toMatchObject({ state: 'open' })
    await dialog.getByLabel('Code').fill(await code())
    await closing(claviger, async () => {
      await dialog.getByRole('button', { name: 'Close the seal' }).click()
      await heading(page, 'Claviger is sealed').waitFor()
    })
    expect(new URL(page.url()).pathname).toBe('/controls')
    expect(await page.getByText('Ruth Ames').count()).toBe(0)
    // once it was open it is not made anew, not even by the link
    expect(await page.getByRole('button', { name: /Make the seal anew/ }).count()).toBe(0)
  })

  test('leads those who want to sign in there as well', async () => {
    await custodian.page.goto('/sign-in?to=%2Frequests')
    await heading(custodian.page, 'Claviger is sealed').waitFor()
  })

  test('who tries on and on is not listened to for a while, and reads so', async () => {
    const { page } = custodian
    await type(page, of(4))
    await progress(page, 1)
    for (let tries = 0; tries < 10; tries++) await give(claviger, 'clvs-00000')
    await refused(page, of(5), /^Too many wrong shares\. Try again in \d+ s; the shares given so far are kept\.$/)
    await progress(page, 1)
  })

  test('what was given is forgotten when the server starts again, and the page says so', async () => {
    const { page } = custodian
    await claviger.halt()
    await page.getByText('Claviger does not answer: what you see may be old.').waitFor()
    await clean(page)
    await claviger.again({ wait: false })
    await page.getByText('The shares that were given are forgotten. Everyone gives theirs again.').waitFor()
    await progress(page, 0)
    await clean(page)
  })

  test('three others of the five open it, and everybody goes on where they were', async () => {
    const { page } = custodian
    await type(page, of(5))
    await progress(page, 1)
    await until('the field to be free for the next', async () => (await field(page).inputValue()) === '')
    await type(page, of(4))
    await progress(page, 2)
    expect(await give(claviger, of(2))).toMatchObject({ ok: true, value: { open: true } })
    await heading(host.page, 'Controls').waitFor()
    await host.page
      .getByRole('region', { name: 'The seal' })
      .getByText(/, by 3 shares$/)
      .waitFor()
    await heading(page, 'Sign in').waitFor()
    expect(new URL(page.url()).search).toBe('?to=%2Frequests')
  })

  test('is in the ledger, and no share is', async () => {
    const { page } = host
    await page.goto('/ledger?act=seal.')
    await heading(page, 'Ledger').waitFor()
    await until('the entries of the seal', async () => (await page.getByRole('link', { name: /^Sealed, entry/ }).count()) > 0)
    const body = (await page.locator('body').textContent()) ?? ''
    for (const share of shares) expect(body).not.toContain(share.slice(5, 16))
  })
})

test('through all of it no browser had anything to complain about', () => expect([...host.complaints, ...custodian.complaints]).toEqual([]))
