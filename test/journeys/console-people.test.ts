import { access, call, session } from '@claviger/api'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { handOutCode } from '../../cli/src/codes/hand-out.ts'
import { fromBase32 } from '../../cli/src/codes/totp.ts'
import { waiting } from '../authorisation/world.ts'
import { cli } from '../support/claviger.ts'
import { must, type Person, withCode } from '../support/person.ts'
import { startSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { grant, takeOver } from '../support/work.ts'
import { clean, heading, look } from './console-checks.ts'
import { confirm, givePassword, patient, type Seat } from './console-driver.ts'
import { openOffice } from './console-office.ts'
import { addPasskey, authenticator, byName } from './console-passkey.ts'

/* People's groups, factors and invitations, the servers, ITSM tickets and the ways to connect, in a real Chromium against the real server. */

const office = openOffice()
let carol: Seat

beforeAll(async () => {
  await takeOver(office.claviger, [office.at, 'root@web01'])
})

const password = 'a long enough pass phrase'

/** The one-time link that is shown, and the dialog closed. */
async function linkIn(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog', { name: /^The link for/ })
  // as long as it is: the words of a button come right after it
  const link = /https?:\S+#token=[\w-]{32}/.exec((await dialog.textContent()) ?? '')?.[0]
  if (!link) throw new Error('there is no link')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.waitFor({ state: 'detached' })
  return link.slice(new URL(link).origin.length)
}
/** The key that is shown once, taken into an authenticator. */
async function authenticatorIn(page: Page, name: string) {
  await page.getByRole('img', { name: 'QR for your authenticator' }).waitFor()
  const shown = /([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec((await page.locator('body').textContent()) ?? '')?.[0] ?? ''
  const secret = fromBase32(shown.replaceAll(' ', '')) ?? Buffer.alloc(0)
  return async () => (await handOutCode(office.claviger.data, name, secret, { from: 'soonest' })).code
}

describe('an invitation', () => {
  let first: string
  let second: string

  test('is made, and made again for who has lost it', async () => {
    carol = await office.enter('carol', '/people', 'People')
    const { page } = carol
    await page.getByRole('button', { name: 'Invite a person…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: /^Name/ }).fill('erin')
    await dialog.getByRole('textbox', { name: /^Display name/ }).fill('Erin Sato')
    await page.getByLabel('engineers').check()
    await clean(page)
    await confirm(carol, 'Invite', page.getByRole('dialog', { name: 'The link for Erin Sato' }))
    first = await linkIn(page)
    await page.getByRole('link', { name: 'Erin Sato' }).click()
    await heading(page, 'Erin Sato').waitFor()
    await page.getByRole('button', { name: 'New link…' }).click()
    await confirm(carol, 'Make a new link', page.getByRole('dialog', { name: 'The link for Erin Sato' }))
    second = await linkIn(page)
    expect(second).not.toBe(first)
  })

  test('opens with the newest link alone', async () => {
    const { page, close } = await office.sit('erin')
    for (const [link, opens] of [
      [first, false],
      [second, true],
    ] as const) {
      await page.goto('about:blank')
      await page.goto(link)
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByLabel('Password again').fill(password)
      await page.getByRole('button', { name: 'Continue' }).click()
      if (!opens) await page.getByRole('alert').filter({ hasText: 'Ask an administrator for a new one' }).waitFor()
    }
    const code = await authenticatorIn(page, 'erin')
    await page.getByLabel('Code').fill(await code())
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page
      .getByText(/sign in/i)
      .first()
      .waitFor()
    await close()
  })
})

describe('somebody’s page', () => {
  test('puts them into a group, and offers the way out of it', async () => {
    const { page } = carol
    await page.reload()
    const groups = page.getByRole('region', { name: 'Groups' })
    await groups.getByRole('button', { name: 'Put into groups…' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByLabel('engineers').count()).toBe(0)
    await dialog.getByLabel('auditors').check()
    await clean(page)
    await confirm(carol, 'Put into groups', groups.getByText('auditors, engineers'))
    await dialog.waitFor({ state: 'detached' })
    await groups.getByRole('button', { name: 'Take out of groups…' }).click()
    await dialog.getByRole('checkbox').first().waitFor()
    expect(await dialog.getByRole('checkbox').count()).toBe(2)
    expect(await dialog.getByRole('button', { name: 'Take out of groups', exact: true }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await look(page, 'person')
  })

  test('removes a lost authenticator: the link gives another one to who knows the password', async () => {
    const { page } = carol
    await page.getByRole('button', { name: 'Remove the authenticator of Erin Sato' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('lost her phone')
    await look(page, 'remove-authenticator')
    await confirm(carol, 'Remove', page.getByRole('dialog', { name: 'The link for Erin Sato' }))
    const link = await linkIn(page)
    await page.getByText('Invited').first().waitFor()

    const seat = await office.sit('erin')
    await seat.page.goto(link)
    await seat.page.getByRole('heading', { name: 'Your password' }).waitFor()
    await clean(seat.page)
    await seat.page.getByLabel('Password', { exact: true }).fill('not what she chose')
    await seat.page.getByRole('button', { name: 'Continue' }).click()
    await seat.page.getByRole('alert').filter({ hasText: 'not right' }).waitFor()
    await seat.page.getByLabel('Password', { exact: true }).fill(password)
    await seat.page.getByRole('button', { name: 'Continue' }).click()
    const code = await authenticatorIn(seat.page, 'erin')
    await seat.page.getByLabel('Code').fill(await code())
    await seat.page.getByRole('button', { name: 'Confirm' }).click()
    await seat.page
      .getByText(/sign in/i)
      .first()
      .waitFor()
    await moves(seat, code)
  })

  /** Who is signed in moves to another phone alone, and signs in again with it. */
  async function moves({ page, close }: Seat, old: () => Promise<string>): Promise<void> {
    await page.goto('/sign-in')
    await page.getByLabel('Name').fill('erin')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Code').fill(await old())
    await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor()
    const id = await page.evaluate('fetch("/api/me").then((r) => r.json()).then((me) => me.person.id)')
    await page.goto(`/people/${id}`)
    await page.getByRole('button', { name: 'Replace your authenticator' }).click()
    await page
      .getByRole('dialog')
      .getByLabel(/^Password/)
      .first()
      .fill(password)
    await page.getByLabel('Code of the old one').fill(await old())
    await page.getByRole('button', { name: 'Continue' }).click()
    const next = await authenticatorIn(page, 'erin-new')
    await clean(page)
    await page.getByLabel('Code of the new one').fill(await next())
    await page.getByRole('button', { name: 'Replace', exact: true }).click()
    await page.getByRole('button', { name: 'Continue' }).waitFor()
    await page.getByLabel('Name').fill('erin')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Code').fill(await next())
    await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor()
    await close()
  }
})

describe('a passkey', () => {
  test('is made with a code, opens the console in its place, says yes to a request, and removes itself', async () => {
    const seat = await office.enter('bob', '/', /^Good /, { baseURL: byName(office) })
    const { page } = seat
    await authenticator(page)
    const id = await page.evaluate('fetch("/api/me").then((r) => r.json()).then((me) => me.person.id)')
    await page.goto(`/people/${id}`)
    const passkeys = page.getByRole('region', { name: 'Passkeys' })
    await passkeys.getByText('None.').waitFor()
    await passkeys.getByRole('button', { name: 'Add a passkey…' }).click()
    await page.getByLabel('What to call it').fill('Blue key')
    await clean(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click()
    await page.getByText('“Blue key” was made.').waitFor()
    await look(page, 'passkey-made')
    await confirm(seat, 'Add', passkeys.getByText('Blue key'))
    await look(page, 'passkeys')

    await page.context().clearCookies()
    await page.goto('/sign-in')
    await givePassword(seat, office.claviger, 'bob')
    await look(page, 'passkey-sign-in')
    await page.getByRole('button', { name: 'Use a passkey: Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor()

    const { request } = await waiting(await office.claviger.person('alice'), office.at)
    await page.goto(`/approvals/${request}`)
    await page
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click()
    await look(page, 'passkey-approve')
    await page.getByRole('button', { name: 'Use a passkey: Approve' }).click()
    await page
      .getByText(/Approved/)
      .first()
      .waitFor()

    await page.goto(`/people/${id}`)
    await passkeys.getByRole('button', { name: 'Remove Blue key' }).click()
    await page.getByRole('button', { name: 'Use a passkey: Remove' }).click()
    await passkeys.getByText('None.').waitFor()
    expect(seat.complaints).toEqual([])
    await seat.close()
  })
})

test('the controls say which servers share the database', async () => {
  const { page } = carol
  await page.goto('/controls')
  const servers = page.getByRole('table', { name: 'Servers' })
  await servers.getByText('this one').waitFor()
  await servers.getByText('sequencer').waitFor()
  await look(page, 'controls')
})

test('a request names its ITSM ticket, and what was asked under it is found again', async () => {
  const alice = await office.enter('alice', `/requests/new?account=${encodeURIComponent(office.at)}`, 'New request')
  const { page } = alice
  await page.getByLabel('Reason').fill('swap the certificates')
  await page.getByLabel(/^ITSM ticket/).fill('none')
  await page.getByText('Name a ticket such as CHG0012345').first().waitFor()
  await page.getByLabel(/^ITSM ticket/).fill('CHG0012345')
  await look(page, 'new-request')
  await page.getByRole('button', { name: 'Ask for access' }).click()
  await page.getByText('ITSM ticket CHG0012345').waitFor()
  await page
    .getByRole('button', { name: /Withdraw/ })
    .first()
    .click()
  await page.getByText('Withdrawn').first().waitFor()
  await page.goto('about:blank')
  await alice.close()

  await carol.page.goto('/approvals?show=decided')
  await carol.page.getByLabel('ITSM ticket').fill('chg0012345')
  await carol.page.getByText('swap the certificates').waitFor()
  await look(carol.page, 'decided')
  await carol.page.getByLabel('ITSM ticket').fill('CHG0099999')
  await carol.page.getByText('Nothing was decided under this ticket').waitFor()
})

test('who holds a grant finds on account and target how to connect', async () => {
  await grant(await office.claviger.person('alice'), await office.claviger.person('bob'), office.at)
  const { page, close } = await office.enter('alice', '/accounts', 'Accounts')
  await page.getByRole('link', { name: office.at }).first().click()
  const panel = page.getByRole('region', { name: `How to connect to ${office.at}` })
  // one for each grant that runs, and another test may have left one
  await panel.getByText(`./claviger connect ${office.at}`).first().waitFor()
  await panel
    .getByText(new RegExp(`^ssh -p \\d+ -l alice@${office.at} `))
    .first()
    .waitFor()
  await look(page, 'account-connect')
  await page.getByRole('link', { name: 'web01', exact: true }).first().click()
  await panel.getByText(`./claviger connect ${office.at}`).first().waitFor()
  await clean(page)
  await close()
})

describe('work that takes longer than was asked for', () => {
  let alice: Person
  let bob: Person
  let terminal: Awaited<ReturnType<typeof startSsh>>
  let mine: session.Session

  /** Somebody else agrees to what alice asked for last. */
  async function agree(): Promise<void> {
    const asked = await until('the request for more time', async () => {
      const { requests } = must(await call(bob.api, access.requests, { query: { limit: 50 } }))
      return requests.find((r) => r.state === 'waiting' && r.account.name === 'root' && r.requester.name === 'alice')
    })
    await withCode(bob.code, (code) =>
      call(bob.api, access.approveRequest, { params: { id: asked.id }, body: { digest: asked.digest, code } }),
    )
  }
  const endsAt = async (): Promise<number> =>
    Date.parse(must(await call(alice.api, session.getSession, { params: { id: mine.id } })).endsAt ?? '')
  const moved = (from: number) => until('the end to be moved', async () => (await endsAt()) > from)

  const tooOld = {
    code: 'access.fresh_code_needed',
    message: 'More time here takes a code from the last 15 minutes. Ask again and give one.',
  }

  test('is given more time by a key in the terminal, once somebody else agreed', async () => {
    ;[alice, bob] = [await office.claviger.person('alice'), await office.claviger.person('bob')]
    // told of its end a minute before: bob has another code by then, so that none of that minute is spent on waiting for one
    await grant(alice, bob, 'root@web01', '95s')
    terminal = await startSsh(office.claviger, alice, 'root@web01', { terminal: true, seconds: 1_200 })
    await terminal.shows(/This session is recorded/)
    const { sessions } = must(await call(alice.api, session.sessions, { query: { state: 'running', limit: 1 } }))
    mine = sessions[0] as session.Session
    const before = await endsAt()
    await terminal.shows(/ends in 1m\. Press Ctrl-\] and then r to ask for more time\./, 120)
    terminal.type('\x1dr')
    await terminal.shows(/Request req_\w+ filed; waiting for approval by [^\n]*bob/)
    await agree()
    await terminal.shows(/was given more time: it ends in/)
    await moved(before)
    terminal.type("echo still-'here'\n")
    await terminal.shows(/still-here/)
  })

  test('by the command line', async () => {
    const before = await endsAt()
    const { password, code } = alice
    const env = { CLAVIGER_CONFIG: `${office.claviger.work}/cli-of-alice` }
    const login = ['login', '--name', 'alice', '--password-file', '-', '--code-file', '-']
    expect((await cli(office.claviger, login, { env, input: `${password}\n${await code()}\n` })).status).toBe(0)
    const asked = cli(office.claviger, ['sessions', 'renew', mine.id, '--for', '10m', '--reason', 'not done yet'], { env, seconds: 240 })
    await agree()
    const { status, said } = await asked
    expect(status, said).toBe(0)
    expect(said).toContain(`${mine.id} was given 10m more.`)
    await moved(before)
  })

  test('and in the console', async () => {
    const before = await endsAt()
    const seat = await office.enter('alice', '/', /^Good /, { baseURL: byName(office) })
    const { page, close } = seat
    await addPasskey(seat)
    await page.goto(`/sessions/${mine.id}`)
    // it takes a fresh code where her sign-in is a quarter of an hour old, which nobody waits for here; what comes after that is real
    await page.route('**/api/sessions/*/renew', (route) => route.fulfill({ status: 403, json: tooOld }), { times: 1 })
    await page.getByRole('button', { name: 'Ask for more time…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ask for more time' })
    await dialog.getByLabel('How much longer').fill('10m')
    await dialog.getByLabel('Reason').fill('one thing is left')
    await look(page, 'renew-session')
    expect(await dialog.getByLabel('Code').count()).toBe(0)
    await dialog.getByRole('button', { name: 'Ask for it', exact: true }).click()
    await dialog.getByRole('alert').filter({ hasText: tooOld.message }).waitFor()
    expect(await dialog.getByRole('button', { name: 'Ask for it', exact: true }).isDisabled()).toBe(true)
    await look(page, 'renew-session-code')
    await dialog.getByRole('button', { name: 'Use a passkey: Ask for it' }).click()
    await dialog.waitFor({ state: 'detached' })
    await agree()
    await moved(before)
    await terminal.shows(/was given more time: it ends in/)
    expect(terminal.over()).toBe(false)
    await close()
  })

  test('and all that somebody has open is cut at once, from their page', async () => {
    const second = await startSsh(office.claviger, alice, office.at, { terminal: true, seconds: 290 })
    await second.shows(/This session is recorded/)
    const { page } = carol
    await page.goto(`/people/${alice.id}`)
    await page.getByRole('button', { name: 'End all sessions…' }).click()
    const dialog = page.getByRole('dialog', { name: /^End all sessions of Alice/ })
    await dialog.getByLabel('Reason').fill('lost her laptop')
    await look(page, 'end-all')
    await dialog.getByRole('button', { name: 'End all sessions', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    for (const one of [terminal, second]) {
      expect(await one.ended).toBe(255)
      expect(one.said()).toContain('A security officer ended this session.')
    }
    // she is cut before it is written down that she was
    const running = async () =>
      must(await call(alice.api, session.sessions, { query: { state: 'running', limit: 10 } })).sessions.filter(
        (s) => s.state === 'running',
      )
    await expect.poll(running, patient).toEqual([])
  })
})
