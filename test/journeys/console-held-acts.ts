import { audit, call, session } from '@claviger/api'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addPolicies } from '../support/add-policies.ts'
import { cli } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { startSsh } from '../support/ssh.ts'
import { clean, fitsAPhone, look } from './console-checks.ts'
import { confirm, patient, type Seat } from './console-driver.ts'
import type { Office } from './console-office.ts'
import { sitWithPasskey } from './console-passkey.ts'

const asks = (words: string, wait: string) =>
  `@act("ask") @wait("${wait}") permit (principal, action == Action::"run", resource) when { context.command like "*${words}*" };`

/** Commands of a real ssh that wait until bob decides in the browser. Alice has a grant that runs; `second` is the officer who approves what carol proposes. */
export function actsHeldInTheBrowser(office: Office, bob: () => Seat, second: () => Promise<Person>): void {
  const section = (page: Page) => page.getByRole('region', { name: 'Held in sessions' })
  const run = async (command: string) =>
    startSsh(office.claviger, await office.claviger.person('alice'), office.at, { command, seconds: 290 })

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
    expect(await held.getByRole('timer').innerText()).toMatch(/^\d?\d:\d\d$/)
    await page
      .locator('nav')
      .getByRole('link', { name: /Approvals.*1 waiting/ })
      .first()
      .waitFor(patient)
    await held.getByText(/^Asked: (\w+, )*bob.* \(approvers or security\)\.$/).waitFor()
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
    // the entry has the digest, and its page the text for who may read it
    const { entries } = must(
      await call((await office.claviger.person('carol')).api, audit.ledger, { query: { act: 'session.act_asked', limit: 1 } }),
    )
    expect(JSON.stringify(entries)).not.toContain('held-')
    await carol.page.goto(`/ledger/${entries[0]?.id}`)
    const asked = carol.page.getByRole('region', { name: /^What was asked/ })
    await asked.getByText('echo held-').waitFor(patient)
    await look(carol.page, 'held-in-ledger')
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

  test('what nobody decides on in time is gone from the page, and what one was about to allow says so', async () => {
    const { page } = bob()
    await page.goto('/approvals')
    const ran = await run('echo soon')
    const held = section(page).getByRole('article', { name: `Held: Alice Moreau on ${office.at}` })
    await held.getByRole('button', { name: 'Allow…' }).click(patient)
    const dialog = page.getByRole('dialog', { name: 'Allow exactly this, once' })
    await dialog.getByRole('alert').filter({ hasText: 'Nobody’s word is waited for any more.' }).waitFor(patient)
    expect(await dialog.getByRole('button', { name: 'Allow', exact: true }).count()).toBe(0)
    await look(page, 'held-over')
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await section(page).getByText('was not done: nobody decided in time.').waitFor(patient)
    await ran.shows(/Nobody decided on this within 30s, so it was not done/)
    expect(await ran.ended).not.toBe(0)
    expect(ran.out()).toBe('')
  })

  test('with a passkey bob allows exactly what he read', async () => {
    const { page, complaints, close } = await sitWithPasskey(office, 'bob')
    await page.goto('/approvals')
    const ran = await run('echo held-by-key')
    const held = section(page).getByRole('article', { name: `Held: Alice Moreau on ${office.at}` })
    await held.getByRole('button', { name: 'Allow…' }).click(patient)
    await page.getByRole('dialog').getByText('echo held-by-key').waitFor()
    await look(page, 'held-passkey')
    await page.getByRole('button', { name: 'Use a passkey: Allow' }).click()
    expect(await ran.ended).toBe(0)
    expect(ran.out()).toBe('held-by-key\n')
    const carol = await office.claviger.person('carol')
    const { entries } = must(await call(carol.api, audit.ledger, { query: { act: 'session.act_allowed', limit: 1 } }))
    expect(entries[0]?.fields).toMatchObject({ factor: 'passkey' })
    expect(complaints).toEqual([])
    await close()
  })

  test('by the command line bob sees what waits for him, allows it, and refuses it; alice sees hers and cannot', async () => {
    const { claviger } = office
    const as = async (name: string) => {
      const { password, code } = await claviger.person(name)
      const env = { CLAVIGER_CONFIG: `${claviger.work}/held-${name}` }
      const login = ['login', '--name', name, '--password-file', '-', '--code-file', '-']
      expect((await cli(claviger, login, { env, input: `${password}\n${await code()}\n` })).status).toBe(0)
      return async (args: string[], input = '') => await cli(claviger, ['sessions', ...args], { env, input })
    }
    const [byBob, byAlice] = [await as('bob'), await as('alice')]
    const asked = async (ran: Awaited<ReturnType<typeof run>>) => (await ran.shows(/\((ask_\w+)\)/))[1] as string
    const code = async () => `${await (await claviger.person('bob')).code()}\n`

    const ran = await run('echo held-by-line')
    const id = await asked(ran)
    const listed = await byBob(['asks', '--mine'])
    expect(listed.said).toMatch(new RegExp(`${id}\\s+waiting\\s+alice\\s+${office.at}.*command\\s+echo held-by-line\\s+you`))
    const hers = await byAlice(['asks', '--json'])
    expect(JSON.parse(hers.out)).toMatchObject({
      asks: [{ id, mayDecide: false, blocked: 'own', asked: { groups: ['approvers', 'security'] } }],
    })
    expect((await byAlice(['asks', '--mine'])).said).toContain('Nothing waits for a decision.')
    const own = await byAlice(['refuse', id, '--reason', 'mine'])
    expect([own.status, own.said]).toEqual([5, expect.stringContaining('Nobody decides on what they do themselves')])
    const allowed = await byBob(['allow', id, '--comment', 'go on', '--code-file', '-'], await code())
    expect([allowed.status, allowed.said]).toEqual([0, expect.stringMatching(/echo held-by-line[\s\S]*is allowed, this once/)])
    expect(await ran.ended).toBe(0)
    expect(ran.out()).toBe('held-by-line\n')
    const late = await byBob(['allow', id, '--code-file', '-'], '000000\n')
    expect([late.status, late.said]).toEqual([1, expect.stringContaining(`Nothing waits as ${id}`)])

    const refused = await run('echo held-again')
    const no = await byBob(['refuse', await asked(refused), '--reason', 'not now'])
    expect([no.status, no.said]).toEqual([0, expect.stringContaining('of alice')])
    await refused.shows(/bob refused this: not now/)
    expect(await refused.ended).not.toBe(0)
    expect((await byBob(['asks', '--mine'])).said).toContain('Nothing waits for a decision.')
    expect((await byBob(['asks', '--all'])).said).toMatch(/refused\s+alice[\s\S]*passed\s+alice/)
  })

  /** The session that alice opened last. */
  async function newest(): Promise<string | undefined> {
    const { api } = await office.claviger.person('alice')
    return must(await call(api, session.sessions, { query: { limit: 1 } })).sessions[0]?.id
  }

  /** One officer proposes that commands are asked about, another approves it. */
  async function ask(): Promise<void> {
    const held = [
      { name: 'ask-held', text: asks('held', '10m') },
      // long enough to be found and pressed on a busy machine, and no longer: it is waited for
      { name: 'ask-soon', text: asks('soon', '30s') },
    ]
    await addPolicies(office.claviger, await second(), held, 'Two look at these')
  }
}
