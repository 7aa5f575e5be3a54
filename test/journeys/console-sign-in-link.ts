import { audit, call } from '@claviger/api'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { cli } from '../support/claviger.ts'
import { must } from '../support/person.ts'
import { startSsh } from '../support/ssh.ts'
import { clean, fitsAPhone, heading, look } from './console-checks.ts'
import { confirm, patient, type Seat } from './console-driver.ts'
import type { Office } from './console-office.ts'
import { sitWithPasskey } from './console-passkey.ts'

/** Neither key nor certificate: what is left is the link. */
const withoutKey = ['BatchMode=no', 'IdentityFile=none', 'CertificateFile=none', 'PreferredAuthentications=keyboard-interactive']

/** A real ssh that waits until alice says in the browser that it is hers. She has a grant that runs. */
export function linksInTheBrowser(office: Office, alice: () => Seat, bob: () => Seat): void {
  const knock = async (command: string) => {
    const options = withoutKey.flatMap((option) => ['-o', option])
    const ran = await startSsh(office.claviger, await office.claviger.person('alice'), office.at, { command, options, seconds: 200 })
    const [, path = '', code = ''] = await ran.shows(/Open http:\/\/localhost:\d+(\/link\/(\S+)) in a browser/)
    const [, number = ''] = await ran.shows(/type the number (\d{3}) there/)
    return { ...ran, path, code, number }
  }
  const waits = (page: Page) => heading(page, 'Is this your terminal?').waitFor(patient)

  test('alice compares it with her terminal, types its number and a code, and the terminal goes on', async () => {
    const { page } = alice()
    const ran = await knock('echo came-$((6*7))')
    await page.goto(ran.path)
    await waits(page)
    const main = page.locator('main')
    expect(await main.innerText()).toContain('The address of this browser')
    expect(await main.innerText()).toMatch(/OpenSSH_/)
    expect(await main.innerText()).not.toContain(ran.number)
    expect(await page.getByRole('button', { name: 'Confirm…' }).isDisabled()).toBe(true)
    await look(page, 'link-waiting')
    await fitsAPhone(page, { path: 'a link', shows: '' })

    // for bob it is not there
    const other = bob().page
    await other.goto(ran.path)
    await heading(other, 'Not found').waitFor(patient)

    expect(ran.out()).toBe('')
    await page.getByLabel('The number in your terminal').fill(ran.number)
    await page.getByRole('button', { name: 'Confirm…' }).click()
    await page.getByRole('dialog', { name: 'Let this terminal in' }).getByText(ran.number).waitFor()
    await look(page, 'link-code')
    await confirm(alice(), 'Confirm', main.getByText('Your terminal goes on by itself.'))
    expect(await ran.ended).toBe(0)
    expect(ran.out()).toBe('came-42\n')
    await look(page, 'link-confirmed')
    // not before: a link is waited for two minutes and no longer
    await look(other, 'link-of-another')

    const dave = await office.claviger.person('dave')
    const { entries } = must(await call(dave.api, audit.ledger, { query: { act: 'session.admitted', limit: 1 } }))
    expect(entries[0]?.fields).toMatchObject({ factor: 'link', way: 'native' })
  })

  test('with a passkey in the place of the code the terminal goes on, too', async () => {
    const { page, complaints, close } = await sitWithPasskey(office, 'alice')
    const ran = await knock('echo by-key')
    await page.goto(ran.path)
    await waits(page)
    await page.getByLabel('The number in your terminal').fill(ran.number)
    await page.getByRole('button', { name: 'Confirm…' }).click()
    await look(page, 'link-passkey')
    await page.getByRole('button', { name: 'Use a passkey: Confirm' }).click()
    await page.locator('main').getByText('Your terminal goes on by itself.').waitFor(patient)
    expect(await ran.ended).toBe(0)
    expect(ran.out()).toBe('by-key\n')
    const dave = await office.claviger.person('dave')
    const { entries } = must(await call(dave.api, audit.ledger, { query: { act: 'session.link_confirmed', limit: 1 } }))
    expect(entries[0]?.fields).toMatchObject({ factor: 'passkey' })
    expect(complaints).toEqual([])
    await close()
  })

  test('another number than the one in the terminal ends it', async () => {
    const { page } = alice()
    const ran = await knock('echo no')
    await page.goto(ran.path)
    await waits(page)
    await page.getByLabel('The number in your terminal').fill(ran.number === '100' ? '101' : '100')
    await page.getByRole('button', { name: 'Confirm…' }).click()
    await page.getByRole('dialog').getByLabel('Code').fill('000000')
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm', exact: true }).click()
    await page.getByRole('heading', { name: 'That was not the number' }).waitFor(patient)
    await look(page, 'link-misread')
    await ran.shows(/Another number was typed in the console/)
    expect(await ran.ended).toBe(255)
  })

  test('"This was not me" ends it, and is an alarm', async () => {
    const { page } = alice()
    const ran = await knock('echo no')
    await page.goto(ran.path)
    await waits(page)
    await page.getByRole('button', { name: 'This was not me…' }).click()
    await look(page, 'link-refuse')
    await page.getByRole('button', { name: 'Refuse, and raise an alarm' }).click()
    await page.getByText('The connection was ended, and an alarm').waitFor(patient)
    await look(page, 'link-refused')
    await ran.shows(/This sign-in was refused in the console/)
    expect(await ran.ended).toBe(255)
    expect(ran.out()).toBe('')
  })

  test('a terminal that was closed is waited for no longer, and the page says so by itself', async () => {
    const { page } = alice()
    const ran = await knock('echo no')
    await page.goto(ran.path)
    await waits(page)
    ran.child.kill()
    await page.getByRole('heading', { name: 'Nobody waits for this any more' }).waitFor(patient)
    await look(page, 'link-over')
    await clean(page)
  })

  test('by the command line she confirms one too', async () => {
    const { claviger } = office
    const { password, code } = await claviger.person('alice')
    const env = { CLAVIGER_CONFIG: `${claviger.work}/link-alice` }
    const login = ['login', '--name', 'alice', '--password-file', '-', '--code-file', '-']
    expect((await cli(claviger, login, { env, input: `${password}\n${await code()}\n` })).status).toBe(0)
    const ran = await knock('echo by-line')
    const confirmed = await cli(claviger, ['confirm-link', ran.code, '--number', ran.number, '--code-file', '-'], {
      ...{ env, input: `${await code()}\n` },
    })
    expect([confirmed.status, confirmed.said]).toEqual([0, expect.stringMatching(/127\.0\.0\.1, where you are[\s\S]*goes on by itself/)])
    expect(await ran.ended).toBe(0)
    expect(ran.out()).toBe('by-line\n')
    const late = await cli(claviger, ['confirm-link', ran.path, '--refuse'], { env })
    expect([late.status, late.said]).toEqual([5, expect.stringContaining('Nobody waits for this link any more')])
  })
}
