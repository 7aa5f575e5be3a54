import { readFileSync } from 'node:fs'
import { audit, breakGlass, call } from '@claviger/api'
import { beforeAll, expect, test } from 'vitest'
import { makeLocationKey } from '../../cli/src/kits/make-location-key.ts'
import { bring } from '../../cli/src/kits/open-kit.ts'
import { readKit } from '../../cli/src/kits/read-kit.ts'
import { newAgeKey } from '../../server/src/platform/crypto/age.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { takeOver } from '../support/work.ts'
import { clean } from './console-checks.ts'
import { confirm, type Seat } from './console-driver.ts'
import { openOffice } from './console-office.ts'

/* Break-glass in a real Chromium: an officer confirms the key that an administrator brought, sees what is sealed to it, and takes a kit away. */

const office = openOffice()
const account = 'app_admin@orders-db'
let adam: Person
let carol: Seat
let identity: string

beforeAll(async () => {
  const { claviger } = office
  const officer = await claviger.person('carol')
  adam = await invite(claviger, officer, 'adam', ['administrators'])
  await takeOver(claviger, [account, 'postgres@orders-db'])
  const [bob, dan] = [await newAgeKey(), await newAgeKey()]
  identity = bob.identity
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
  await withCode(adam.code, (code) => call(adam.api, breakGlass.markAccount, { params: { id: app.id }, body: { code, marked: true } }))
  await page.getByRole('table', { name: 'Accounts' }).getByText('With the custodians').waitFor({ timeout: 60_000 })
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Make a kit' }).click()
  const kit = readKit(readFileSync(await (await download).path(), 'utf8'))
  expect(await bring(kit, [identity])).toMatchObject({ name: 'bob' })
  await page.getByRole('table', { name: 'Kits' }).getByText('Good').waitFor()
  await clean(page)
  await shot('ready')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot('dark')
  expect(carol.complaints).toEqual([])
})

async function shot(name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder) await carol.page.screenshot({ path: `${folder}/breakglass-${name}.png`, fullPage: true })
}
