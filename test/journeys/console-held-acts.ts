import { call, policy, session } from '@claviger/api'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { must, type Person, withCode } from '../support/person.ts'
import { startSsh } from '../support/ssh.ts'
import { clean, fitsAPhone, look } from './console-checks.ts'
import { confirm, type Seat } from './console-driver.ts'
import type { Office } from './console-office.ts'

const patient = { timeout: 20_000 }
const asks = `@act("ask") @wait("10m") permit (principal, action == Action::"run", resource) when { context.command like "*held*" };`

/** Commands of a real ssh that wait until bob decides in the browser. Alice has a grant that runs; `second` is the officer who approves what carol proposes. */
export function actsHeldInTheBrowser(office: Office, bob: () => Seat, second: () => Promise<Person>): void {
  const section = (page: Page) => page.getByRole('region', { name: 'Held in sessions' })
  const run = async (command: string) =>
    startSsh(office.claviger, await office.claviger.person('alice'), office.at, { command, seconds: 240 })

  test('policy asks, bob reads the whole command and allows it or refuses, and alice reads what came of it', async () => {
    await ask()
    const { page } = bob()
    await page.goto('/approvals')
    await page.getByText('Nothing waits for you').waitFor()

    // what would tear a line apart or hide in it is spelled, and each line stands on its own
    const ran = await run(`echo held-$((6*7))\necho second-line # \u202e ${'and more of it '.repeat(90)}end`)
    const held = section(page).getByRole('article', { name: `Held: Alice Moreau on ${office.at}` })
    await held.waitFor(patient)
    await ran.shows(/This command is held until somebody else allows it/)
    expect(await held.getByRole('list').innerText()).toMatch(/^echo held-\$\(\(6\*7\)\)\n+echo second-line # \\u\{202e\} .* end\n*$/)
    expect(await held.getByRole('timer').innerText()).toMatch(/^\d:\d\d$/)
    await page
      .locator('nav')
      .getByRole('link', { name: /Approvals.*1 waiting/ })
      .first()
      .waitFor(patient)
    await look(page, 'held')
    await fitsAPhone(page, { path: 'what is held', shows: '' })

    const carol = await office.enter('carol', `/sessions/${await newest()}`, /^Alice Moreau on/)
    const there = section(carol.page)
    await there.getByRole('heading', { name: 'Held until somebody else allows it' }).waitFor(patient)
    expect(await there.getByRole('button', { name: 'Allow…' }).getAttribute('aria-disabled')).toBe(null)
    await look(carol.page, 'held-in-session')

    await held.getByRole('button', { name: 'Allow…' }).click()
    await page.getByRole('dialog').getByText('echo held-').waitFor()
    await look(page, 'held-allow')
    expect(ran.out()).toBe('')
    await confirm(bob(), 'Allow', section(page).getByText(/command on .* was allowed by bob, and was done, this once\./))
    expect(await ran.ended).toBe(0)
    expect(ran.out()).toBe('held-42\nsecond-line\n')
    await expect.poll(() => held.count(), patient).toBe(0)
    await look(page, 'held-allowed')
    await there.getByText('was allowed by bob').waitFor(patient)
    expect(carol.complaints).toEqual([])
    await carol.close()

    // alice herself cannot, and reads why
    const own = await office.enter('alice', '/sessions', 'Sessions')
    const refused = await run('echo held-no')
    await refused.shows(/is held until/)
    await own.page.goto(`/sessions/${await newest()}`)
    const allow = section(own.page).getByRole('button', { name: 'Allow…' })
    await section(own.page).getByText('Nobody decides on what they do themselves.').waitFor(patient)
    expect(await allow.getAttribute('aria-disabled')).toBe('true')
    await clean(own.page)

    await page.goto('/')
    await page.getByRole('link', { name: 'An act is held in a session' }).waitFor(patient)
    await look(page, 'held-home')
    await page.getByRole('link', { name: 'An act is held in a session' }).click()
    await held.getByRole('button', { name: 'Refuse…' }).click(patient)
    await page.getByRole('dialog').getByLabel('Reason').fill('Not during the freeze')
    await page.getByRole('dialog').getByRole('button', { name: 'Refuse', exact: true }).click()
    await section(page).getByText('was refused by bob: Not during the freeze. It was not done.').waitFor(patient)
    await look(page, 'held-refused')
    await section(own.page).getByText('was refused by bob: Not during the freeze.').waitFor(patient)
    await refused.shows(/bob refused this: Not during the freeze/)
    expect(await refused.ended).not.toBe(0)
    expect(refused.out()).not.toContain('held-no')
    expect(own.complaints).toEqual([])
    await own.close()
  })

  /** The session that alice opened last. */
  async function newest(): Promise<string | undefined> {
    const { api } = await office.claviger.person('alice')
    return must(await call(api, session.sessions, { query: { limit: 1 } })).sessions[0]?.id
  }

  /** One officer proposes that commands are asked about, another approves it. */
  async function ask(): Promise<void> {
    const carol = await office.claviger.person('carol')
    const olga = await second()
    const { policies } = must(await call(carol.api, policy.policies))
    const wanted = policies.filter((p) => p.state === 'active').map((p) => ({ name: p.name, text: p.source }))
    const { id } = await withCode(carol.code, (code) =>
      call(carol.api, policy.proposePolicies, {
        body: { policies: [...wanted, { name: 'ask-held', text: asks }], reason: 'Two look at these', code },
      }),
    )
    await withCode(olga.code, (code) => call(olga.api, policy.approvePolicies, { params: { id }, body: { code } }))
  }
}
