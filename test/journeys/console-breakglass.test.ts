import { readFileSync } from 'node:fs'
import { access, activations, audit, breakGlass, call, session } from '@claviger/api'
import { beforeAll, expect, test } from 'vitest'
import { makeLocationKey } from '../../cli/src/kits/make-location-key.ts'
import { bring } from '../../cli/src/kits/open-kit.ts'
import { readKit } from '../../cli/src/kits/read-kit.ts'
import { ownShare } from '../../cli/src/kits/share-for-activation.ts'
import { newAgeKey } from '../../server/src/platform/crypto/age.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { takeOver } from '../support/work.ts'
import { clean } from './console-checks.ts'
import { confirm, type Seat } from './console-driver.ts'
import { openOffice } from './console-office.ts'

/* Break-glass in a real Chromium: an officer confirms the key that an administrator brought, sees what is sealed to it, and takes a kit away. */

const office = openOffice()
const account = 'app_admin@orders-db'
let adam: Person
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
  expect(await waiting.count()).toBe(0)
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
  await page.getByRole('table', { name: 'Accounts' }).getByText('With the custodians').waitFor({ timeout: 60_000 })
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Make a kit' }).click()
  const kit = readKit(readFileSync(await (await download).path(), 'utf8'))
  expect(await bring(kit, identities.slice(0, 1))).toMatchObject({ name: 'bob' })
  await page.getByRole('table', { name: 'Kits' }).getByText('Good').waitFor()
  await clean(page)
  await shot('ready')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot('dark')
  await page.emulateMedia({ colorScheme: 'light' })
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
  await shot('approved')
  for (const identity of identities) {
    const door = must(await call(adam.api, activations.activationDoor, { params: { id: asked.id } }))
    const own = await ownShare(door, [identity])
    if (!own) throw new Error('not a custodian')
    expect(own.statement).toMatchObject({ accounts: [account], requester: 'adam', approver: 'carol' })
    must(await call(adam.api, activations.giveShare, { params: { id: asked.id }, body: { sealed: await own.seal() } }))
  }
  const banner = page.getByRole('alert').filter({ hasText: 'Break-glass is active' })
  await banner.getByText(account).waitFor()
  await clean(page)
  await shot('active')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot('active-dark')
  await page.emulateMedia({ colorScheme: 'light' })

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
    return await runProgram('psql', ['-X', '-A', '-t', '-q', '-d', 'postgres', '-c', 'select 6 * 7'], { env, seconds: 60 })
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

async function shot(name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder) await carol.page.screenshot({ path: `${folder}/breakglass-${name}.png`, fullPage: true })
}
