import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { access, audit, call, inventory, session } from '@claviger/api'
import type { Locator } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { cli } from '../support/claviger.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { startSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { takeOver, targetNamed } from '../support/work.ts'
import { clean, fitsAPhone, heading, look, noWider } from './console-checks.ts'
import { confirm, focused, giveCode, givePassword, patient, type Seat, tabTo } from './console-driver.ts'
import { actsHeldInTheBrowser } from './console-held-acts.ts'
import { openOffice } from './console-office.ts'
import { linksInTheBrowser } from './console-sign-in-link.ts'
import { sqlInTheBrowser } from './console-sql.ts'
import { openedByLine } from './unproven-by-line.ts'

/*
 * The console in a real Chromium against the real server: each person at a browser of their own, as they would work
 * with one another. One test follows from the one before.
 */

const office = openOffice({ CLAVIGER_SSH_SIGN_IN: 'key+code,certificate,link' })
let alice: Seat
let bob: Seat
/** A second security officer, who came later. */
let second: Promise<Person>
let requestId: string
let sessionId: string
/** What alice types in it while nothing is echoed. */
const unseen = `pass-${randomBytes(3).toString('hex')}`

beforeAll(async () => {
  await takeOver(office.claviger, ['deploy@web01'])
})

describe('signing in', () => {
  test('a wrong code is refused with a sentence, a right one leads to where alice wanted to go', async () => {
    alice = await office.sit('alice')
    await alice.page.goto('/requests/new')
    await heading(alice.page, 'Sign in').waitFor()
    await clean(alice.page)
    await givePassword(alice, office.claviger, 'alice')
    await clean(alice.page)
    await alice.page.getByLabel('Code').fill('000000')
    const refused = alice.page.getByRole('alert')
    await refused.waitFor()
    expect(await refused.textContent()).toMatch(/^That code is not right; \d tries left\./)
    await giveCode(alice, 'New request')
    expect(new URL(alice.page.url()).pathname).toBe('/requests/new')
  })

  test('the cookie is out of reach of scripts and of other sites', async () => {
    const cookies = await alice.page.context().cookies()
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toMatchObject({ name: 'claviger', httpOnly: true, sameSite: 'Strict' })
    expect(await alice.page.evaluate('document.cookie')).toBe('')
    // and nothing of it is kept where a script could read it
    expect(await alice.page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toContain(cookies[0]?.value)
  })
})

describe('asking', () => {
  test('policy answers while alice types, and her request waits for somebody else', async () => {
    const { page } = alice
    await page.getByRole('combobox', { name: 'Account' }).fill(office.at)
    await page.getByLabel('For how long').fill('30m')
    await page.getByRole('region', { name: 'What policy demands' }).getByText('One approval, by someone else').waitFor()
    await page.getByLabel('Reason').fill('Orders time out: look at the log of the worker')
    await page.getByRole('button', { name: 'Ask for access' }).click()
    await heading(page, `Alice Moreau asks for ${office.at}`).waitFor()
    requestId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await page.locator('main').getByText('Waiting for one approval').waitFor()
  })

  test('alice cannot approve it herself, and the button says why', async () => {
    const { page } = alice
    await page.goto(`/approvals/${requestId}`)
    const approve = page.getByRole('button', { name: 'Approve…' })
    await approve.waitFor()
    expect(await approve.getAttribute('aria-disabled')).toBe('true')
    const why = await page.locator(`[id="${await approve.getAttribute('aria-describedby')}"]`).textContent()
    expect(why).toBe('You cannot decide your own request. Ask another approver.')
    await approve.click({ force: true })
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.goto(`/requests/${requestId}`)
    await page.locator('main').getByText('Waiting for one approval').waitFor()
  })
})

describe('deciding', () => {
  test('bob finds it in his inbox and approves exactly that with a fresh code, by keyboard alone', async () => {
    bob = await office.enter('bob', '/approvals', 'Approvals')
    const { page } = bob
    await page.getByRole('link', { name: /Alice Moreau.*Orders time out/ }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await heading(page, `Alice Moreau asks for ${office.at}`).waitFor()
    await clean(page)
    await tabTo(page, page.getByRole('button', { name: 'Approve…' }))
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Approve exactly this' })
    await dialog.getByText('Orders time out').waitFor()
    await clean(page)
    await approveByKeyboard(dialog)
    await page
      .getByText(/Approved by Bob Lindqvist\. Alice Moreau may connect until/)
      .first()
      .waitFor()
  })

  test('alice sees it at once, and with what to connect', async () => {
    await alice.page
      .getByText(/Approved by Bob Lindqvist/)
      .first()
      .waitFor()
    await alice.page
      .getByText(new RegExp(`claviger connect ${office.at}|ssh .*${office.at}`))
      .first()
      .waitFor()
  })

  test('and nothing waits for bob any more', async () => {
    await bob.page.goto('/approvals')
    await bob.page.getByText('Nothing waits for you').waitFor()
    await clean(bob.page)
  })

  /** The code field has the focus. A code that was used meanwhile is asked for once more. */
  async function approveByKeyboard(dialog: Locator): Promise<void> {
    await focused(bob.page, dialog.getByLabel('Code'))
    for (let tries = 0; tries < 3; tries++) {
      await bob.page.keyboard.type(await bob.code())
      await bob.page.keyboard.press('Enter')
      const refused = dialog.getByRole('alert')
      await until('an answer', async () => (await dialog.count()) === 0 || (await refused.count()) > 0)
      if ((await dialog.count()) === 0) return
      expect(await refused.textContent()).toMatch(/used/i)
    }
  }
})

describe('replaying', () => {
  const marker = `hand-${randomBytes(3).toString('hex')}`

  test('alice works over there with real ssh', async () => {
    const person = await office.claviger.person('alice')
    const shell = await startSsh(office.claviger, person, office.at, { terminal: true })
    const prompt = /[$#] (\u001b\[[0-9;?]*[a-z])*$/
    await shell.shows(prompt)
    shell.type(`echo first-$((6*7))\n`)
    await shell.shows(/first-42/)
    await shell.shows(prompt)
    await sleep(3500) // idle for longer than a replay waits
    shell.type(`echo ${marker} | tr a-z A-Z\n`)
    await shell.shows(new RegExp(marker.toUpperCase()))
    await shell.shows(prompt)
    // nothing of this is echoed, and the target does not say it
    shell.type('stty -echo;echo q$((7));read unseen;stty echo;echo r$((2))\n')
    // before it says so, it may still echo what is typed
    await shell.shows(/q7/)
    shell.type(`${unseen}\n`)
    await shell.shows(/r2/)
    await shell.shows(prompt)
    await sleep(2500) // when it was typed is known to a flush of the recording
    shell.type('exit\n')
    await shell.ended
    const { sessions } = must(await call(person.api, session.sessions, { query: { limit: 20 } }))
    sessionId = sessions.find((s) => s.request === requestId)?.id ?? ''
    expect(sessionId).not.toBe('')
  })

  test('alice sees that it was recorded, may not watch it, and reads why', async () => {
    await alice.page.goto('/sessions')
    await alice.page.getByRole('link', { name: `Alice Moreau on ${office.at}` }).click()
    await alice.page.getByRole('heading', { name: 'You may not watch this recording' }).waitFor()
    await alice.page.getByText('Only security officers and auditors watch recordings').waitFor()
    expect(await alice.page.locator('.ap-term-text').count()).toBe(0)
  })

  test('dave finds it verified, jumps by a command, changes speed and idle time, and plays it to its end', async () => {
    const dave = await office.enter('dave', '/sessions', 'Sessions')
    const { page } = dave
    await page.getByRole('link', { name: `Alice Moreau on ${office.at}` }).click()
    await page.getByRole('region', { name: 'Verification' }).getByText('Verified.', { exact: true }).waitFor()
    const screen = page.locator('.ap-term-text')
    const position = page.getByRole('slider', { name: 'Position' })
    const commands = page.getByRole('region', { name: 'Commands' })
    await until('a picture to recognise it by', async () => (await screen.textContent())?.trim() !== '')
    await clean(page)
    await look(page, 'replay-before')

    await commands.getByRole('button', { name: marker }).click()
    // the picture before the start may show the same words: it is gone first
    await page.locator('[data-begun]').waitFor(patient)
    await until('the screen of that moment', async () => (await screen.textContent())?.includes('first-42'))
    expect(await screen.textContent()).not.toContain(marker.toUpperCase())
    // the page follows the player in its own time: each of these is waited for, not looked at once
    await expect.poll(async () => Number(await position.inputValue()), patient).toBeGreaterThan(3)
    await expect.poll(() => commands.getByRole('button', { name: marker }).getAttribute('aria-current'), patient).toBe('true')
    const there = Number(await position.inputValue())

    await page.getByText('4×', { exact: true }).click()
    await expect.poll(() => page.getByRole('radio', { name: '4×' }).isChecked(), patient).toBe(true)
    const skip = page.getByRole('switch', { name: 'Skip idle time' })
    expect(await skip.isChecked()).toBe(true)
    await page.keyboard.press('i')
    await expect.poll(() => skip.isChecked(), patient).toBe(false)
    await expect.poll(async () => Number(await position.inputValue()), patient).toBeCloseTo(there, 1)

    await page.getByRole('button', { name: 'Play', exact: true }).click()
    await until('the output of the command', async () => (await screen.textContent())?.includes(marker.toUpperCase()))
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor() // it has come to its end
    await clean(page)
    await look(page, 'replay-ended')

    await commands.getByLabel('Filter commands').fill('first')
    await expect.poll(() => commands.getByRole('button', { name: marker }).count(), patient).toBe(0)
    await expect.poll(() => commands.getByRole('button', { name: 'first' }).count(), patient).toBe(1)
    expect(dave.complaints).toEqual([])

    const carol = await office.claviger.person('carol')
    const { entries } = must(await call(carol.api, audit.ledger, { query: { limit: 200 } }))
    const viewed = entries.filter((e) => e.act === 'recording.viewed' && JSON.stringify(e).includes(sessionId))
    // he opened it once, however many parts and places of it he saw
    expect(viewed).toHaveLength(1)
    await dave.close()
  })

  test('dave exports it as evidence, and what he got verifies offline against the ledger', async () => {
    const dave = await office.enter('dave', `/sessions/${sessionId}`, `Alice Moreau on ${office.at}`)
    const [download] = await Promise.all([
      dave.page.waitForEvent('download', patient),
      dave.page.getByRole('link', { name: 'Export evidence' }).click(),
    ])
    expect(download.suggestedFilename()).toBe(`${sessionId}-evidence.html`)
    const evidence = readFileSync(await download.path(), 'utf8')
    const [, sealed = ''] = /<script type="text\/plain" id="recording">([^<]*)<\/script>/.exec(evidence) ?? []
    const file = (name: string) => join(office.claviger.work, `evidence-${name}`)
    writeFileSync(file('session.clvr'), Buffer.from(sealed, 'base64'))
    const carol = await office.claviger.person('carol')
    // the checkpoint first: the ledger goes on, and an export that is older than its checkpoint would lack entries
    writeFileSync(file('checkpoint'), must(await call(carol.api, audit.checkpoint)).note)
    writeFileSync(file('ledger.jsonl'), must(await call(carol.api, audit.exportLedger)))
    const verify = () =>
      cli(office.claviger, [
        ...['sessions', 'verify', file('session.clvr'), '--ledger', file('ledger.jsonl'), '--checkpoint', file('checkpoint'), '--json'],
      ])
    const whole = await verify()
    expect(JSON.parse(whole.out), whole.said).toMatchObject({ ok: true, recording: { state: 'intact', vouched: true } })
    const changed = readFileSync(file('session.clvr'))
    const at = changed.length >> 1
    changed[at] = (changed[at] ?? 0) ^ 1
    writeFileSync(file('session.clvr'), changed)
    expect(JSON.parse((await verify()).out)).toMatchObject({ ok: false, recording: { state: 'altered' } })
    await dave.close()
  })

  test('where somebody altered the file of a recording, the replay shows nothing of that part and says so', async () => {
    const carol = await office.claviger.person('carol')
    const { recording } = must(await call(carol.api, session.getSession, { params: { id: sessionId } }))
    const path = join(office.claviger.data, 'recordings', `${recording?.id}.clvr`)
    const whole = readFileSync(path)
    const changed = Buffer.from(whole)
    const at = changed.length >> 1
    changed[at] = (changed[at] ?? 0) ^ 1
    writeFileSync(path, changed)
    try {
      const dave = await office.enter('dave', `/sessions/${sessionId}`, `Alice Moreau on ${office.at}`)
      await dave.page.getByRole('region', { name: 'Verification' }).getByText('Does not verify.', { exact: true }).waitFor(patient)
      const replay = dave.page.getByRole('region', { name: 'Replay' })
      await replay.getByRole('alert').getByText('This recording was altered').waitFor(patient)
      expect((await dave.page.locator('.ap-term-text').textContent())?.trim()).toBe('')
      await look(dave.page, 'replay-altered')
      await dave.close()
    } finally {
      writeFileSync(path, whole)
    }
  })

  test('dave finds it among all sessions by what stood on its screen, and comes to that second', async () => {
    const dave = await office.enter('dave', '/sessions/search', 'Search recordings')
    const { page } = dave
    await page.getByRole('heading', { name: 'What happened, in which session?' }).waitFor()
    await look(page, 'search-before')
    const words = page.getByLabel('Words in recordings')
    const found = page.getByRole('list', { name: 'Found sessions' })
    await until(
      'the words of the session',
      async () => {
        await words.fill(`"${marker.toUpperCase()}" first`)
        await page.getByRole('button', { name: 'Search', exact: true }).click()
        await page
          .getByRole('list', { name: 'Found sessions' })
          .or(page.getByRole('heading', { name: 'No recording is like that' }))
          .waitFor(patient)
        return (await found.count()) > 0
      },
      120,
    )
    await found
      .getByRole('link', { name: `Alice Moreau on ${office.at}` })
      .first()
      .waitFor()
    const hit = found.getByRole('link').filter({ has: page.locator('mark', { hasText: new RegExp(marker, 'i') }) })
    await hit.first().waitFor()
    await look(page, 'search-found')
    await fitsAPhone(page, { path: '/sessions/search', shows: '' })

    await page.getByLabel('Person').fill('bob')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByRole('heading', { name: 'No recording is like that' }).waitFor()
    await look(page, 'search-none')
    await words.fill('x')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByRole('alert').getByText('There is no word to look up in this.').waitFor()
    await look(page, 'search-failing')
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])')).not.toContain(marker)

    await page.getByLabel('Person').fill('alice')
    await words.fill(marker)
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await hit.last().click()
    await expect.poll(() => page.url(), patient).toMatch(/\/sessions\/ses_\w{10}\?at=[\d.]+$/)
    const at = Number(new URL(page.url()).searchParams.get('at'))
    await expect.poll(async () => Number(await page.getByRole('slider', { name: 'Position' }).inputValue()), patient).toBeCloseTo(at, 0)
    await until('the screen of that moment', async () =>
      (await page.locator('.ap-term-text').textContent())?.toLowerCase().includes(marker.toLowerCase()),
    )
    await dave.close()
  })
})

describe('what was typed unseen', () => {
  const region = (seat: Seat) => seat.page.getByRole('region', { name: 'What was typed unseen' })
  const reason = 'INC-7: what was typed there?'

  test('is opened by two officers together, who see it with its second; alone neither does, and dave not at all', async () => {
    const [officer, carol] = [await office.claviger.person('carol'), await office.enter('carol', '/sessions', 'Sessions')]
    second = invite(office.claviger, officer, 'olga', ['security'])
    second.catch(() => undefined)
    await carol.page.goto(`/sessions/${sessionId}`)
    await region(carol).getByRole('button', { name: 'Ask to see it…' }).click()
    await carol.page.getByRole('dialog').getByLabel('Reason').fill(reason)
    await look(carol.page, 'unseen-ask')
    await confirm(carol, 'Ask', region(carol).getByText('Another security officer approves it.'))
    expect(
      await region(carol)
        .getByRole('button', { name: /^(Approve|Look)/ })
        .count(),
    ).toBe(0)
    await look(carol.page, 'unseen-waits')

    const olga = await office.enterAs(await second, '/sessions', 'Sessions')
    const waiting = olga.page.getByRole('list', { name: 'Waiting for another officer' })
    await waiting.getByText(reason).waitFor(patient)
    await look(olga.page, 'unseen-found')
    await waiting.getByRole('link').click()
    await region(olga).getByRole('button', { name: 'Approve…' }).click()
    await confirm(olga, 'Approve', region(olga).getByRole('button', { name: 'Look…' }))

    await region(carol).getByRole('button', { name: 'Look…' }).click(patient)
    const list = region(carol).getByRole('list', { name: 'Typed unseen' })
    await confirm(carol, 'Show', list)
    const line = list.getByRole('listitem').filter({ hasText: unseen })
    await line.getByText(/^after stty -echo;echo q/).waitFor()
    await look(carol.page, 'unseen-shown')
    await fitsAPhone(carol.page, { path: 'what was typed unseen', shows: '' })
    await line.getByRole('link').click()
    await expect.poll(() => carol.page.url(), patient).toMatch(/\?at=[\d.]+$/)
    const at = Number(new URL(carol.page.url()).searchParams.get('at'))
    await expect
      .poll(async () => Number(await carol.page.getByRole('slider', { name: 'Position' }).inputValue()), patient)
      .toBeCloseTo(at, 0)
    await list.waitFor()
    expect(await carol.page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])')).not.toContain(unseen)

    const dave = await office.enter('dave', `/sessions/${sessionId}`, new RegExp(`Alice Moreau on ${office.at}`))
    await region(dave).getByText(reason).waitFor()
    expect(await region(dave).getByRole('button').count()).toBe(0)
    expect(await dave.page.locator('main').textContent()).not.toContain(unseen)
    for (const seat of [carol, olga, dave]) {
      expect(seat.complaints).toEqual([])
      await seat.close()
    }

    const { entries } = must(await call(officer.api, audit.ledger, { query: { limit: 200 } }))
    const acts = entries.filter((e) => JSON.stringify(e).includes(sessionId)).map((e) => e.act)
    for (const act of ['recording.input_asked', 'recording.input_approved', 'recording.input_showing']) expect(acts).toContain(act)
    expect(JSON.stringify(entries)).not.toContain(unseen)
  })

  openedByLine(office, () => ({ session: sessionId, text: unseen, second }))
})

describe('in the browser', () => {
  test('alice works in a terminal of the console, and what she does is written down as when she came with ssh', async () => {
    const { page } = alice
    // a page that nobody sees draws nothing, and other pages were opened since
    await page.bringToFront()
    await page.goto(`/requests/${requestId}`)
    await page.getByRole('link', { name: 'Open terminal' }).click()
    await heading(page, `Terminal on ${office.at}`).waitFor()
    await page.getByText('What you type and see is recorded').waitFor()
    await look(page, 'terminal-before')
    const begin = page.getByRole('button', { name: 'Begin the recorded session' })
    await tabTo(page, begin)
    await page.keyboard.press('Enter')
    await page.getByText('Open, and recorded').waitFor(patient)
    const screen = page.locator('.xterm-rows')
    await expect.poll(() => screen.textContent(), patient).toContain('This session is recorded: alice')
    await expect.poll(() => screen.textContent(), patient).toMatch(/[$#] *$/)
    const before = await sizeOf('one')
    await page.setViewportSize({ width: 900, height: 620 })
    await expect.poll(() => sizeOf('two'), patient).not.toEqual(before)
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.keyboard.type('ls --color=always /; printf "\\033[31mred \\033[32mgreen \\033[1;33mbright\\033[0m\\n"\n')
    await look(page, 'terminal')
    await page.keyboard.press('F6')
    await focused(page, page.getByRole('button', { name: 'End session' }))
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.type('exit 4\n')
    await page.getByText('Ended with status 4').waitFor(patient)
    await look(page, 'terminal-over')

    const person = await office.claviger.person('alice')
    // the page hears of the end before it is written down
    const web = await until('the session to be settled', async () => {
      const { sessions } = must(await call(person.api, session.sessions, { query: { limit: 20 } }))
      return sessions.find((s) => s.way === 'web' && s.endedAt !== null)
    })
    expect(web).toMatchObject({ door: 'ssh', kind: 'shell', request: requestId, endReason: 'closed', exitStatus: 4 })
    const officer = await office.claviger.person('carol')
    const acts = async (id: string) => {
      await until('the end is in the ledger', async () => (await entriesOf(id)).some((e) => e.act === 'session.ended'))
      return (await entriesOf(id)).filter((e) => e.act.startsWith('session.')).map((e) => `${e.act} ${Object.keys(e.fields)}`)
    }
    const entriesOf = async (id: string) =>
      must(await call(officer.api, audit.ledger, { query: { limit: 200 } })).entries.filter((e) => JSON.stringify(e).includes(id))
    expect(await acts(web.id)).toEqual(await acts(sessionId))
    expect(web.recording?.state).toBe('sealed')

    /** As the target sees it, asked under a name of its own so that no older line is taken for it. */
    async function sizeOf(name: string): Promise<string | undefined> {
      await page.locator('.xterm-helper-textarea').focus()
      await page.keyboard.type(`echo ${name}:$(stty size | tr ' ' x)\n`)
      const shown = new RegExp(`${name}:(\\d+x\\d+)`)
      await expect.poll(() => screen.textContent(), patient).toMatch(shown)
      return [...((await screen.textContent()) ?? '').matchAll(new RegExp(shown, 'g'))].at(-1)?.[1]
    }
  })
})

describe('SQL in the browser', () => sqlInTheBrowser(office, { alice: () => alice, bob: () => bob, second: () => second }))

describe('watching as it happens', () => {
  test('carol sees what alice does, tells her something, holds her session and lets it go on; alice is told of each', async () => {
    const person = await office.claviger.person('alice')
    const shell = await startSsh(office.claviger, person, office.at, { terminal: true, seconds: 290 })
    await shell.shows(/[$#] (\u001b\[[0-9;?]*[a-z])*$/)
    const { sessions } = must(await call(person.api, session.sessions, { query: { limit: 20 } }))
    const running = sessions.find((s) => s.state === 'running')
    const carol = await office.enter('carol', `/sessions/${running?.id}`, new RegExp(`Alice Moreau on ${office.at}`))
    const { page } = carol
    const order = async (button: string, label: string, words: string, confirm: string) => {
      await page.getByRole('button', { name: button }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(label).fill(words)
      await look(page, `live-${confirm.toLowerCase()}`)
      await dialog.getByRole('button', { name: confirm, exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
    }

    // the recording so far begins with what stands there now, and nobody pressed anything
    const soFar = page.getByRole('region', { name: 'Replay' })
    const present = async () => {
      if ((await soFar.count()) === 0) await page.getByRole('button', { name: 'Load what came since' }).click()
      return await soFar.locator('[data-begun]').count()
    }
    await expect.poll(present, patient).toBe(1)
    await expect.poll(() => soFar.locator('.ap-term-text').textContent(), patient).toMatch(/[$#]/)
    await look(page, 'replay-so-far')

    await page.getByRole('button', { name: 'Watch live' }).click()
    await shell.shows(/carol watches this session now\./)
    shell.type(`echo live-$((6*7))\n`)
    await page.locator('.ap-term-text').getByText('live-42').first().waitFor(patient)
    await page.getByRole('list', { name: 'What was done' }).getByText('$ echo live-$((6*7))').waitFor(patient)
    await look(page, 'live')
    await fitsAPhone(page, { path: 'a running session', shows: '' })

    await order('Message…', 'Message', 'The change window is over at ten.', 'Send')
    await shell.shows(/A message of an officer: The change window is over at ten\./)
    await order('Suspend…', 'Reason', 'Somebody asked who that is.', 'Suspend')
    await shell.shows(/suspended this session: Somebody asked who that is\./)
    shell.type('echo held-$((1+1))\n')
    await page.getByRole('button', { name: 'Resume…' }).waitFor(patient)
    await look(page, 'live-held')
    expect(shell.said()).not.toContain('held-2')
    await order('Resume…', 'Reason', 'It was the person on call.', 'Resume')
    await shell.shows(/held-2/)
    shell.type('exit\n')
    await page.getByText('The session has ended').waitFor(patient)
    expect(await shell.ended).toBe(0)
    expect(carol.complaints).toEqual([])
    await carol.close()

    const officer = await office.claviger.person('carol')
    const acts = async () => {
      const { entries } = must(await call(officer.api, audit.ledger, { query: { limit: 200 } }))
      return entries.filter((e) => JSON.stringify(e).includes(running?.id ?? '?')).map((e) => e.act)
    }
    // that somebody watched is written down when they do not any more
    await until('the end of her watch in the ledger', async () => (await acts()).includes('session.watched'))
    const orders = ['session.message_ordered', 'session.suspend_ordered', 'session.resume_ordered']
    expect(await acts()).toEqual(expect.arrayContaining(['session.watching', 'session.watched', ...orders]))
  })
})

describe('a sign-in by a link', () =>
  linksInTheBrowser(
    office,
    () => alice,
    () => bob,
  ))

describe('acts that are held', () =>
  actsHeldInTheBrowser(
    office,
    () => bob,
    () => second,
  ))

describe('when things change or fail', () => {
  test('a target that changes while bob is looking voids what he would have approved', async () => {
    const person = await office.claviger.person('alice')
    const body = { account: office.at, duration: '30m', reason: 'One more look' }
    const asked = must(await call(person.api, access.fileRequest, { body }))
    const { page } = bob
    await page.goto(`/approvals/${asked.id}`)
    await page.getByRole('button', { name: 'Approve…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Approve exactly this' })
    await dialog.getByLabel('Code').waitFor()

    const carol = await office.claviger.person('carol')
    const web01 = await targetNamed(office.claviger, 'web01')
    const settings = { ...web01.settings, host: 'localhost' }
    const { voided } = await withCode(carol.code, (code) =>
      call(carol.api, inventory.changeTarget, { params: { id: web01.id }, body: { settings, code } }),
    )
    expect(voided.requests).toContain(asked.id)
    await dialog.getByText('Void in the meantime').waitFor()
    expect(await dialog.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    await dialog.waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0)
  })

  test('what does not exist is said, with a way on', async () => {
    const { page } = bob
    await page.goto('/approvals/req_aaaaaaaaaa')
    await heading(page, 'Not found').waitFor()
    await page.goto('/nowhere')
    await page.getByRole('link', { name: 'Go to the start' }).click()
    await heading(page, /^Good .*, Bob$/).waitFor()
  })

  test('a phone shows every page without scrolling sideways', async () => {
    const { page } = bob
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['/approvals', `/approvals/${requestId}`, '/requests', '/sessions', `/sessions/${sessionId}`]) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await noWider(page, path, 390)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto('/approvals')
    await heading(page, 'Approvals').waitFor()
  })

  test('a stopped server is said, at the door as well as inside', async () => {
    const newcomer = await office.sit('alice')
    await newcomer.page.goto('/')
    await heading(newcomer.page, 'Sign in').waitFor()
    await office.claviger.halt()
    await bob.page.getByText('Claviger does not answer: what you see may be old.').waitFor()
    await newcomer.page.getByLabel('Name').fill('alice')
    await newcomer.page.getByLabel('Password', { exact: true }).fill('not sent anywhere')
    await newcomer.page.getByRole('button', { name: 'Continue' }).click()
    await newcomer.page.getByRole('alert').getByText('Claviger does not answer').waitFor()
    expect(newcomer.complaints).toEqual([])
  })

  test('through all of it no browser had anything to complain about', () => {
    expect([...alice.complaints, ...bob.complaints]).toEqual([])
  })
})
