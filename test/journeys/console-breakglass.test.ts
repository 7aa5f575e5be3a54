import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { access, activations, audit, breakGlass, call, controls, session } from '@claviger/api'
import { beforeAll, expect, test } from 'vitest'
import { makeLocationKey } from '../../cli/src/kits/make-location-key.ts'
import { bring } from '../../cli/src/kits/open-kit.ts'
import { readKit } from '../../cli/src/kits/read-kit.ts'
import { ownShare } from '../../cli/src/kits/share-for-activation.ts'
import { newAgeKey } from '../../server/src/platform/crypto/age.ts'
import { root } from '../support/claviger.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { takeOver } from '../support/work.ts'
import { clean } from './console-checks.ts'
import { confirm, patient, type Seat } from './console-driver.ts'
import { openOffice } from './console-office.ts'

/* Break-glass in a real Chromium: an officer confirms the key that an administrator brought, sees what is sealed to it, and takes a kit away. */

const office = openOffice()
const account = 'app_admin@orders-db'
let adam: Person
/** A second officer, at a browser: ready when a review waits. */
let olga: Promise<Seat>
let carol: Seat
let identities: string[]

beforeAll(async () => {
  const { claviger } = office
  const officer = await claviger.person('carol')
  adam = await invite(claviger, officer, 'adam', ['administrators'])
  await takeOver(claviger, [account, 'postgres@orders-db'])
  const [bob, dan] = [await newAgeKey(), await newAgeKey()]
  identities = [bob.identity, dan.identity]
  const { verifierKey } = must(await call(adam.api, audit.checkpoint))
  const custodians = [
    { name: 'bob', key: bob.recipient },
    { name: 'dan', key: dan.recipient },
  ]
  const key = await makeLocationKey(custodians, 2, verifierKey)
  await withCode(adam.code, (code) => call(adam.api, breakGlass.proposeKey, { body: { code, ...key } }))
  olga = invite(claviger, adam, 'olga', ['security'], officer).then((person) => office.enterAs(person, '/break-glass', 'Break-glass'))
  // who waits for her hears of it
  olga.catch(() => undefined)
  carol = await office.enter('carol', '/break-glass', 'Break-glass')
})

test('an officer compares the key, and confirms it with a code', async () => {
  const { page } = carol
  const waiting = page.getByRole('region', { name: 'A key waits for an officer' })
  await waiting.getByText(/Compare its public half with adam/).waitFor()
  await clean(page)
  await shot('proposed')
  await waiting.getByRole('button', { name: 'Confirm' }).click()
  await page
    .getByRole('dialog')
    .getByText(/Every account for emergencies is rotated/)
    .waitFor()
  await confirm(carol, 'Confirm', page.getByText('any 2 of bob, dan'))
  await expect.poll(() => waiting.count(), patient).toBe(0)
})

test('what is sealed to it stands there, and a kit is made that its custodians open', async () => {
  const { page } = carol
  const found = (await office.claviger.person('carol')).api
  const { accounts } = must(await call(found, breakGlass.breakglass))
  expect(accounts).toEqual([])
  const [app] = await takeOver(office.claviger, [account])
  if (!app) throw new Error(`there is no ${account}`)
  await page.getByRole('button', { name: 'Mark an account…' }).click()
  await page.getByRole('dialog').getByLabel('Account').fill(account)
  await confirm(carol, 'Mark', page.getByRole('table', { name: 'Accounts' }).getByText(account))
  await page.getByRole('table', { name: 'Accounts' }).getByText('With the custodians').waitFor({ timeout: 180_000 })
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Make a kit' }).click()
  const kit = readKit(readFileSync(await (await download).path(), 'utf8'))
  expect(await bring(kit, identities.slice(0, 1))).toMatchObject({ name: 'bob' })
  await page.getByRole('table', { name: 'Kits' }).getByText('Good').waitFor()
  await clean(page)
  await both('ready')
})

test('two people and the custodians activate it: who asked connects, every page says so, and an officer ends it', async () => {
  const { page } = carol
  const asked = await withCode(adam.code, (code) =>
    call(adam.api, activations.activate, {
      body: { code, kind: 'emergency', accounts: [account], reason: 'nobody of the approvers answers', duration: '10m' },
    }),
  )
  await page.getByRole('button', { name: 'Agree…' }).click()
  await page.getByRole('dialog').getByText('nobody of the approvers answers').waitFor()
  await confirm(carol, 'Agree', page.getByText('Waits for custodians'))
  await page.getByText('0 of 2 gave their share').waitFor()
  await shot('approved')
  await bringsShare(asked.id, identities[0] ?? '')
  for (const identity of identities.slice(1))
    expect(await givesShare(asked.id, identity)).toMatchObject({ accounts: [account], requester: 'adam', approver: 'carol' })
  const banner = page.getByRole('alert').filter({ hasText: 'Break-glass is active' })
  await banner.getByText(account).waitFor()
  await clean(page)
  await both('active')

  const psql = async () => {
    const { grants } = must(await call(adam.api, access.grants, { query: { state: 'active' } }))
    const mine = grants.find((g) => `${g.account}@${g.target}` === account)
    if (!mine) return undefined
    const { ticket, user, port } = must(await call(adam.api, session.issueTicket, { params: { id: mine.id } }))
    const env = {
      PATH: process.env.PATH,
      PGHOST: 'localhost',
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: ticket,
      PGSSLMODE: 'require',
    }
    return await runProgram('psql', ['-X', '-A', '-t', '-q', '-d', 'postgres', '-c', 'select 6 * 7'], { env, seconds: 180 })
  }
  const ran = await psql()
  expect(ran?.said).toMatch(/This session is recorded: .*adam.* as app_admin@orders-db/i)
  expect(ran?.said).toContain('42')

  await page.getByRole('button', { name: 'End…' }).click()
  await page.getByRole('dialog').getByLabel('Why').fill('the approvers are back')
  await page.getByRole('dialog').getByRole('button', { name: 'End' }).click()
  await page.getByText('A security officer who was neither of the two closes its review.').waitFor()
  expect(await psql()).toBeUndefined()
  await page.getByText('The review of a break-glass activation is open.').waitFor()
  await shot('review')
  expect(carol.complaints).toEqual([])
})

test('an officer who was neither of the two closes its review in words', async () => {
  const seat = await olga
  const { page } = seat
  await page.getByRole('button', { name: 'Close the review…' }).click()
  const dialog = page.getByRole('dialog')
  const words = dialog.getByLabel(/What happened/)
  await words.fill('it was right')
  await dialog.getByLabel('Code').fill('123456')
  expect(await dialog.getByRole('button', { name: 'Close the review', exact: true }).isDisabled()).toBe(true)
  await words.fill('The approvers were on a plane. The access was right; a second approver is named from now on.')
  await clean(page)
  await both('close-review', page)
  await confirm(seat, 'Close the review', page.getByRole('table', { name: 'Activations and drills' }).getByText('Reviewed'))
  expect(seat.complaints).toEqual([])
  await seat.close()
})

test('a drill is overdue with the controls until it is rehearsed here, and passes', async () => {
  const { page } = carol
  await page.goto('/controls')
  await page.getByRole('row', { name: /Break-glass drill Overdue/ }).waitFor()
  await clean(page)
  await both('controls')
  await page.getByRole('link', { name: 'Break-glass drill' }).click()
  await page.getByRole('table', { name: 'Accounts' }).getByText('With the custodians').waitFor({ timeout: 180_000 })
  await page.getByRole('button', { name: 'Rehearse…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Account').fill(account)
  await dialog.getByLabel('Reason').fill('the drill of this quarter')
  await clean(page)
  await both('rehearse')
  await confirm(carol, 'Rehearse', page.getByText('Waits for a second person'))
  const { activations: open } = must(await call(adam.api, activations.activations))
  const id = open.find((a) => a.kind === 'drill' && a.state === 'waiting')?.id ?? ''
  await withCode(adam.code, (code) => call(adam.api, activations.moveActivation, { params: { id }, body: { act: 'approve', code } }))
  for (const identity of identities) await givesShare(id, identity)
  await page.getByRole('table', { name: 'Activations and drills' }).getByText('Passed').waitFor()
  await clean(page)
  await both('drilled')
  const { duties } = must(await call(adam.api, controls.controls))
  expect(duties).toMatchObject([{ duty: 'drill', everyDays: 90, overdue: false, lastDoneAt: expect.any(String) }])
  expect(carol.complaints).toEqual([])
})

/** By the command line, as far as the server is concerned. */
async function givesShare(id: string, identity: string) {
  const own = await ownShare(must(await call(adam.api, activations.activationDoor, { params: { id } })), [identity])
  if (!own) throw new Error('not a custodian')
  must(await call(adam.api, activations.giveShare, { params: { id }, body: { sealed: await own.seal() } }))
  return own.statement
}

/** A custodian at the console, with a machine of their own that reaches no server. */
async function bringsShare(id: string, identity: string): Promise<void> {
  const { page } = carol
  const laptop = mkdtempSync(join(tmpdir(), 'claviger-laptop-'))
  const at = (name: string) => join(laptop, name)
  writeFileSync(at('bob.key'), `${identity}\n`, { mode: 0o600 })
  const encrypt = (activation: string) =>
    runProgram(
      process.execPath,
      [
        ...[join(root, 'cli/src/main.ts'), 'breakglass', 'share', activation],
        ...['--question', at('asked'), '--identity', at('bob.key')],
        ...['--to', at('share'), '--yes'],
      ],
      { env: { PATH: process.env.PATH, HOME: laptop, CLAVIGER_SERVER: 'http://127.0.0.1:9' }, seconds: 180 },
    )
  await page.getByRole('button', { name: 'Give a share…' }).click()
  const dialog = page.getByRole('dialog')
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Save the question' }).click()
  await (await download).saveAs(at('asked'))
  await clean(page)
  await both('share')

  // nobody has it given for another activation than the one that they were told
  expect((await encrypt('bga_anotherone')).status).not.toBe(0)
  expect((await encrypt(id)).said).toContain('nobody of the approvers answers')
  // who takes the wrong file sends no private key
  let sent = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/shares')) sent++
  })
  await dialog.locator('input[type=file]').setInputFiles(at('bob.key'))
  await dialog.getByRole('button', { name: 'Give it' }).click()
  await dialog.getByText(/no encrypted share.*Nothing was sent/).waitFor()
  expect(sent).toBe(0)
  await dialog.locator('input[type=file]').setInputFiles(at('share'))
  await dialog.getByRole('button', { name: 'Give it' }).click()
  await page.getByText('1 of 2 gave their share; it is forgotten in 10 min').waitFor()
  rmSync(laptop, { recursive: true })
}

async function both(name: string, page = carol.page): Promise<void> {
  await shot(name, page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot(`${name}-dark`, page)
  await page.emulateMedia({ colorScheme: 'light' })
}

async function shot(name: string, page = carol.page): Promise<void> {
  const folder = process.env.PICTURES
  if (folder) await page.screenshot({ path: `${folder}/breakglass-${name}.png`, fullPage: true })
}
