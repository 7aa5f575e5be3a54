import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { writeSignIn } from '../../cli/src/kit/sign-in.ts'
import { cli } from '../support/claviger.ts'
import { invite } from '../support/person.ts'
import { clean, heading, look } from './console-checks.ts'
import { confirm, focused, patient, type Seat, tabTo } from './console-driver.ts'
import { openOffice } from './console-office.ts'

/* People, policies and the ledger in a real Chromium: what an officer does there by keyboard, and thousands of rows. */

const people = 3000
const office = openOffice()
let carol: Seat

beforeAll(async () => {
  const superuser = await office.claviger.superuser()
  await superuser.sql(
    `insert into person (id, name, display_name, groups, state, revision, mac)
     select 'per_' || lpad('f' || n, 10, '0'), 'crowd' || lpad(n::text, 4, '0'), 'Crowd ' || n, '{engineers}', 'active', 1, '\\x00'
     from generate_series(1, ${people}) as n`,
  )
  await superuser.close()
  carol = await office.enter('carol', '/people', 'People')
})

describe('people', () => {
  test('are listed a page at a time, with one question for each page', async () => {
    const { page } = carol
    const rows = page.getByRole('table', { name: 'People' }).getByRole('row')
    await expect.poll(() => rows.count(), patient).toBe(51)
    let asked = 0
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/people' && new URL(request.url()).searchParams.has('after')) asked++
    })
    await page.getByRole('button', { name: /^Show more|^Show older/ }).click()
    await expect.poll(() => rows.count(), patient).toBe(101)
    expect(asked).toBe(1)
  })

  test('one is found, invited and shut out again by keyboard alone', async () => {
    const { page } = carol
    await page.goto('/people')
    await tabTo(page, page.getByRole('button', { name: 'Invite a person…' }))
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Invite a person' })
    await dialog.getByRole('textbox', { name: /^Name/ }).waitFor()
    await clean(page)
    await tabTo(page, dialog.getByRole('textbox', { name: /^Name/ }))
    await page.keyboard.type('erin')
    await tabTo(page, dialog.getByRole('textbox', { name: /^Display name/ }))
    await page.keyboard.type('Erin Aalto')
    await tabTo(page, dialog.getByRole('checkbox', { name: 'engineers' }))
    await page.keyboard.press('Space')
    await giveCode()
    await page.getByRole('dialog').getByText(/once/).first().waitFor()
    await page.keyboard.press('Escape')

    await page.goto('/people?search=erin')
    await page.getByRole('link', { name: /^Erin Aalto/ }).waitFor()
    await page.locator('h1').focus()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await heading(page, 'Erin Aalto').waitFor()
    await clean(page)
    await tabTo(page, page.getByRole('button', { name: 'Disable…' }))
    await page.keyboard.press('Enter')
    await focused(page, page.getByRole('dialog').getByLabel('Reason'))
    await page.keyboard.type('Never came')
    await giveCode()
    await page.locator('main').getByText('Disabled', { exact: true }).first().waitFor()
  })

  /** A code that was used meanwhile is asked for once more. */
  async function giveCode(): Promise<void> {
    const { page } = carol
    const code = page.getByRole('dialog').getByLabel('Code')
    for (let tries = 0; tries < 3 && (await code.count()) > 0; tries++) {
      await code.focus()
      await page.keyboard.type(await carol.code())
      await page.keyboard.press('Enter')
      await expect
        .poll(async () => (await code.count()) === 0 || (await page.getByRole('dialog').getByRole('alert').count()) > 0, patient)
        .toBe(true)
    }
  }
})

describe('policies', () => {
  test('say by which rules somebody may, or may not', async () => {
    const { page } = carol
    await page.goto('/policies?show=why')
    const account = page.getByRole('combobox', { name: 'Account' }).or(page.getByLabel('Account')).first()
    await account.fill(office.at)
    const answer = page.getByRole('region', { name: 'The answer' })
    await answer.waitFor()
    await clean(page)
  })
})

describe('changing policies', () => {
  const answer = (page: Page) => page.getByRole('region', { name: 'The answer' })
  let adam: Promise<Seat>
  beforeAll(async () => {
    const officer = await office.claviger.person('carol')
    adam = invite(office.claviger, officer, 'adam', ['administrators']).then((person) =>
      office.enterAs(person, '/policies?show=changes', 'Policies'),
    )
    adam.catch(() => undefined)
  })

  test('whoever writes one about acts in sessions reads what would be held, of whom, and who would be asked', async () => {
    const { page } = carol
    await page.goto('/policies')
    await page.getByRole('button', { name: 'Propose a policy…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('ask-restart')
    const when = 'permit (principal, action == Action::"run", resource) when { context.command like "*restart*" };'
    await dialog.getByLabel('Cedar statement').fill(`@act("ask") @wait("10m")\n${when}`)
    const acts = dialog.getByRole('list', { name: 'What is done in sessions' })
    await acts
      .getByText(/some commands held until somebody else allows them, at most 10 min/)
      .first()
      .waitFor()
    await acts
      .getByText(/^Asked: .*bob.* \(approvers or security\)\.$/)
      .first()
      .waitFor()
    await look(page, 'policies-propose-acts')
    await page.keyboard.press('Escape')
  })

  test('one proposes, and sees who gains and who loses', async () => {
    const { page } = carol
    await page.goto('/policies?show=changes')
    await page.getByText('No policy was changed since the first run').waitFor()
    await look(page, 'policies-unchanged')
    await page.goto('/policies')
    await page.getByRole('button', { name: 'Propose a change of tier-1', exact: true }).click()
    const dialog = page.getByRole('dialog')
    const text = dialog.getByLabel('Cedar statement')
    const source = await text.inputValue()
    await text.fill(source.replace('@approvals("1")', '@approvals("many")'))
    await dialog.getByText(/Policy tier-1 says @approvals\("many"\)/).waitFor()
    await look(page, 'policies-refused')
    await text.fill(source.replace('@approvals("1")', '@approvals("2")'))
    await dialog.getByRole('list', { name: 'Who gains and who loses' }).getByText('2 approvals, at most 4 h').first().waitFor()
    await dialog.getByLabel('Reason').fill('Two people from now on')
    await look(page, 'policies-propose')
    await confirm(carol, 'Propose', page.locator('label').filter({ hasText: 'Changes · 1' }))
  })

  test('and does not approve it: another does, and it is in force', async () => {
    const { page } = carol
    await page.goto('/policies?show=changes')
    await page.getByText('Another security officer or administrator approves it.').waitFor()
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0)
    const other = await adam
    await other.page.goto('/policies?show=changes')
    await other.page.getByRole('button', { name: 'Approve…' }).click()
    await other.page.getByRole('dialog').getByRole('list', { name: 'Who gains and who loses' }).waitFor()
    await look(other.page, 'policies-approve')
    await confirm(other, 'Approve', other.page.getByText('In force', { exact: true }))
    await look(other.page, 'policies-changes')
    expect(other.complaints).toEqual([])
    await other.close()
    await page.goto(`/policies?show=why&person=alice&account=${encodeURIComponent(office.at)}`)
    await answer(page)
      .getByText(/Two approvals, by different people/)
      .first()
      .waitFor()
  })

  test('the same by command: saved, tested, proposed, withdrawn', async () => {
    const { claviger } = office
    const folder = join(claviger.work, 'policies')
    const officer = await claviger.person('carol')
    writeSignIn(join(claviger.work, 'cli'), {
      server: claviger.base,
      name: 'carol',
      token: officer.token,
      expiresAt: '2099-01-01T00:00:00.000Z',
    })
    const run = async (...args: string[]) => {
      const input = args.includes('--code-file') ? `${await officer.code()}\n` : ''
      const ran = await cli(claviger, ['--json', 'policy', ...args], { input })
      return { status: ran.status, answer: JSON.parse(ran.out) }
    }
    expect((await run('save', folder)).answer.policies).toContain('tier-1')
    expect((await run('test', folder)).answer.error.code).toBe('access.policies_same')
    const file = join(folder, 'tier-1.cedar')
    writeFileSync(file, readFileSync(file, 'utf8').replace('@max("4h")', '@max("1h")'))
    const tested = await run('test', folder)
    expect(tested.answer.edits.map((edit: { name: string }) => edit.name)).toEqual(['tier-1'])
    expect(tested.answer.effects[0].after.maxSeconds).toBe(3600)
    const { id } = (await run('propose', folder, '--reason', 'An hour is enough', '--code-file', '-')).answer
    expect((await run('approve', id, '--code-file', '-')).answer.error.code).toBe('access.own_policy_change')
    expect((await run('withdraw', id, '--code-file', '-')).status).toBe(0)
    const { changes } = (await run('changes')).answer
    expect(changes.map((change: { state: string }) => change.state)).toEqual(['withdrawn', 'approved'])
  })
})

describe('how long recordings are kept', () => {
  test('is confirmed, and somebody’s recordings are held, by keyboard', async () => {
    const { page } = carol
    await page.goto('/retention')
    const classes = page.getByRole('table', { name: 'Retention classes' })
    await classes.getByText('Not confirmed').first().waitFor()
    await page.getByText('Nothing is held.').waitFor()
    await clean(page)
    await look(page, 'retention-empty')
    await tabTo(page, page.getByRole('button', { name: 'Confirm the class general' }))
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByLabel('Reason').fill('Agreed with the auditor')
    await confirm(carol, 'Confirm', classes.getByText('Confirmed', { exact: true }))
    await tabTo(page, page.getByRole('button', { name: 'Place a hold…' }))
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Place a legal hold' })
    await dialog
      .getByRole('combobox', { name: /^On a/ })
      .or(dialog.getByRole('textbox', { name: /^On a/ }))
      .first()
      .click()
    await page.getByRole('option', { name: 'person' }).click()
    const [person] = (await officer('select id from person where name = $1', ['alice'])) as { id: string }[]
    await dialog.getByLabel('Its id').fill(person?.id ?? '')
    await dialog.getByLabel('Case number').fill('C-17')
    await dialog.getByLabel('Reason').fill('A dispute')
    const holds = page.getByRole('table', { name: 'Legal holds' })
    await confirm(carol, 'Hold', holds.getByText('person alice'))
    await clean(page)
    await look(page, 'retention')
    // who placed it does not lift it
    await page.getByRole('button', { name: 'Lift the hold on person alice' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('The case is closed')
    await page
      .getByRole('dialog')
      .getByLabel('Code')
      .fill(await carol.code())
    await page.getByRole('dialog').getByRole('button', { name: 'Lift', exact: true }).click()
    await page.getByRole('dialog').getByText('Ask another security officer').waitFor()
    await page.keyboard.press('Escape')
  })

  const officer = async (text: string, values: unknown[]) => {
    const superuser = await office.claviger.superuser()
    try {
      return await superuser.sql(text, values)
    } finally {
      await superuser.close()
    }
  }
})

describe('the ledger', () => {
  test('is searched by keyboard, one entry is opened, and the browser proves that it stands in the signed log', async () => {
    const { page } = carol
    await page.goto('/ledger')
    await page
      .getByRole('link', { name: /^Signed in/ })
      .first()
      .waitFor()
    expect(await page.getByRole('row').count()).toBeLessThanOrEqual(51)
    await page.keyboard.press('/')
    await page.keyboard.type('web01')
    await expect.poll(() => page.getByRole('link', { name: /^Signed in/ }).count(), patient).toBe(0)
    await tabTo(page, page.getByRole('link', { name: /^Target added/ }).last())
    await page.keyboard.press('Enter')
    await heading(page, 'Target added').waitFor()
    await page.getByText('The checkpoint is signed by the key of this log').waitFor()
    await expect.poll(() => page.getByText('Holds', { exact: true }).count(), patient).toBe(3)
    await page.getByLabel('Checkpoint').selectOption({ index: 1 })
    await expect.poll(() => page.getByText('Holds', { exact: true }).count(), patient).toBe(3)
    await clean(page)
  })
})

test('no browser had anything to complain about', () => expect(carol.complaints).toEqual([]))
