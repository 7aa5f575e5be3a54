import { call, inventory, rotation } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, redisHarness } from '../../server/src/targets/redis/test/harness.ts'
import type { RunningTarget } from '../../server/src/targets/test/harness.ts'
import { addTarget, type OwnTarget } from '../support/own-target.ts'
import { must, type Person, withCode } from '../support/person.ts'
import { until } from '../support/until.ts'
import { alarm, entries, grant, takeOver } from '../support/work.ts'
import { fitsAPhone, heading, look } from './console-checks.ts'
import { confirm, patient, type Seat, tabTo } from './console-driver.ts'
import { openOffice } from './console-office.ts'

/*
 * What an officer does about credentials, in a real Chromium and on a real Redis: several are replaced at once, one was changed outside, one
 * cannot be replaced because the account that manages the target lost its rights. One test follows from the one before.
 */

const office = openOffice()
const harness = redisHarness('aclfile')
let server: RunningTarget
let cache: OwnTarget
let carol: Person
let seat: Seat
const accounts: Record<string, inventory.Account> = {}
const idOf = (name: string) => accounts[name]?.id ?? ''

beforeAll(async () => {
  server = await harness.start()
  cache = await addTarget(office.claviger, harness, server, { name: 'cache' })
  carol = await office.claviger.person('carol')
  for (const name of ['rescue', 'ops', 'app1', 'app2']) accounts[name] = await cache.account(name)
  await withCode(carol.code, (code) =>
    call(carol.api, inventory.changeTarget, { params: { id: cache.id }, body: { reconciler: 'rescue', code } }),
  )
  await takeOver(office.claviger, [office.at])
  seat = await office.enter('carol', '/rotations', 'Rotations')
})
afterAll(() => server?.stop())

const newest = async (name: string) =>
  must(await call(carol.api, inventory.accounts, { query: { limit: 500, target: 'cache' } })).accounts.find((a) => a.name === name)
const version = async (name: string) => (await newest(name))?.credentials[0]?.version ?? 0
const order = async (name: string, state: 'open' | 'done' = 'open') =>
  must(await call(carol.api, rotation.rotationOrders, { query: { account: idOf(name), state, limit: 10 } })).orders[0]
const care = async (name: string) => must(await call(carol.api, rotation.accountCare, { params: { id: idOf(name) } }))

describe('the plan', () => {
  test('is a picture of what falls due and when, and its numbers are those of the API', async () => {
    const plan = await until('every account to be looked after', async () => {
      const now = must(await call(carol.api, rotation.rotationPlan, { query: { days: 90 } }))
      const all = now.overdue + now.later + now.days.reduce((sum, day) => sum + day.rotations, 0)
      return all >= 5 && now
    })
    expect(plan).toMatchObject({ overdue: 0, drifted: 0, held: 0, windows: [] })
    const { page } = seat
    await page.goto('/rotations')
    const all = plan.days.reduce((sum, day) => sum + day.rotations, 0)
    await page.getByText(`${all} credentials fall due in 90 days.`).waitFor()
    expect(await page.getByRole('figure').getByRole('listitem').count()).toBeGreaterThanOrEqual(91)
    await page.getByText('By age at any hour').waitFor()
    await look(page, 'rc-01')
    await fitsAPhone(page, { path: '/rotations', shows: 'Rotations' })
  })

  test('of one account is changed on its page, and falls due accordingly', async () => {
    const { page } = seat
    await page.goto(`/accounts/${idOf('app1')}`)
    await page.getByText('90 days, as the installation says').waitFor()
    await page.getByRole('button', { name: 'Change…' }).click()
    await page.getByLabel('Days').fill('7')
    await look(page, 'rc-02')
    await page.getByRole('dialog').getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByText('(every 7 days, for this account alone)').waitFor()
    expect(await care('app1')).toMatchObject({ maxAgeSeconds: 7 * 86_400, ageSeconds: 7 * 86_400 })
    await page.goto('/rotations')
    const dueIn = async (days: number) =>
      must(await call(carol.api, rotation.rotationPlan, { query: { days } })).days.reduce((sum, day) => sum + day.rotations, 0)
    expect(await dueIn(8)).toBe(1)
    await page.getByRole('figure').getByRole('link', { name: 'app1@cache' }).waitFor()
  })
})

describe('several at once', () => {
  test('are chosen in the list by keyboard, ordered with a reason, and followed to their end', async () => {
    const { page } = seat
    const before = await Promise.all(['app1', 'app2'].map(version))
    await page.goto('/accounts?target=cache')
    for (const name of ['app1', 'app2']) {
      await tabTo(page, page.getByRole('checkbox', { name: `Choose ${name}@cache` }))
      await page.keyboard.press('Space')
    }
    await page.getByText('2 accounts chosen').waitFor()
    await look(page, 'rc-03')
    await fitsAPhone(page, { path: '/accounts', shows: 'app1' })
    await page.getByRole('button', { name: 'Rotate them…' }).click()
    await page.getByLabel('Reason').fill('A laptop was stolen')
    await page.getByLabel('It may be in other hands').check()
    await look(page, 'rc-04')
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate them', exact: true }).click()
    await heading(page, 'Rotation of 2 accounts').waitFor()
    await page.getByText('2 of 2 done').waitFor({ timeout: 150_000 })
    await page.getByRole('table', { name: 'Done' }).getByText('app2@cache').waitFor(patient)
    await look(page, 'rc-05')
    await fitsAPhone(page, { path: page.url(), shows: 'Rotation of' })
    expect(await Promise.all(['app1', 'app2'].map(version))).toEqual(before.map((v) => v + 1))
    const [ordered] = await entries(carol, 'rotation.batch_ordered')
    expect(ordered).toMatchObject({ by: carol.id, fields: { accounts: 2, trigger: 'compromise' } })
    await page.goto('/rotations')
    await page.getByRole('table', { name: 'Rotations of several accounts' }).getByText('A laptop was stolen').waitFor()
    await look(page, 'rc-06')
  })

  test('everything that somebody had in hand is replaced from their page, what they were only shown as well', async () => {
    const alice = await office.claviger.person('alice')
    const { page } = seat
    await page.goto(`/people/${alice.id}`)
    await page.getByRole('button', { name: 'Rotate what they touched…' }).click()
    await page.getByLabel('Reason').fill('Alice left')
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate them', exact: true }).click()
    // she had nothing in hand so far: the server says so, and nothing is ordered
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await look(page, 'rc-07')
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await grant(alice, await office.claviger.person('bob'), office.at)
  })
})

describe('one that was changed on its target', () => {
  test('is found by trying it: an alarm, and it is reset by an account that may', async () => {
    await server.removeAccount('ops')
    await server.addAccount('ops', password('somebody-else-chose-this'))
    const before = await version('ops')
    const { page } = seat
    await page.goto(`/accounts/${idOf('ops')}`)
    await page.getByRole('button', { name: 'Verify now' }).click()
    await page
      .getByText(/^The target does not let it in: Password v\d+ \(target\.login_refused\)\.$/)
      .first()
      .waitFor(patient)
    await look(page, 'rc-08')
    expect(await alarm(carol, idOf('ops'))).toMatchObject({ act: 'alarm.credential_drift', fields: { tells: ['owner', 'security'] } })
    await until('it to be reset', async () => (await version('ops')) > before && !(await order('ops')), 150)
    await page.getByText(new RegExp(`Password: v${before + 1} opened the target`)).waitFor(patient)
    expect(await cache.says({ account: 'ops', credential: password('somebody-else-chose-this') })).toBe('target.login_refused')
    await page.getByRole('table', { name: 'Rotations' }).getByText('the target refused what the vault has').waitFor(patient)
    expect((await care('ops')).health).toMatchObject([{ refused: [], works: before + 1 }])
  })
})

describe('one that cannot be replaced', () => {
  let before: number
  /** It is tried again while this is looked at, and may have failed again. */
  const firstFailure = async () => (await entries(carol, 'alarm.rotation_failed')).find(({ fields }) => fields.failures === 1)

  test('stays what it was; its owner is told, and it is tried again later and later', async () => {
    before = await version('ops')
    // who manages the target still gets in, and may not change others any more
    await server.disarm?.('claviger')
    const { page } = seat
    await page.getByRole('button', { name: 'Rotate now…' }).click()
    await page.getByLabel('Reason').fill('It is Monday')
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate now', exact: true }).click()
    const refused = page.getByRole('dialog').getByRole('alert')
    await refused.waitFor(patient)
    expect(await refused.textContent()).toMatch(/tried again/)
    await look(page, 'rc-09')
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect((await firstFailure())?.fields).toMatchObject({ account: idOf('ops'), tells: ['owner'] })
  })

  test('goes to security and to the owner’s manager with the third failure, and is reset by the second privileged account', async () => {
    const escalated = await until('the escalation', async () => (await entries(carol, 'alarm.rotation_escalated'))[0], 150)
    expect(escalated.fields).toMatchObject({
      ...{ account: idOf('ops'), failures: 3, tells: ['security', 'owner-manager'], itsmTicket: 'wanted' },
    })
    const told = await firstFailure()
    const pause = (entry: { at: string; fields: Record<string, unknown> } | undefined) =>
      Date.parse(`${entry?.fields.nextAt}`) - Date.parse(entry?.at ?? '')
    expect(pause(escalated), 'the third pause is longer than the first').toBeGreaterThan(pause(told))
    const done = await until('the reconciler to have done it', async () => !(await order('ops')) && (await order('ops', 'done')), 100)
    expect(done).toMatchObject({ failures: 3, byReconciler: true })
    expect(await version('ops')).toBe(before + 1)
    const { page } = seat
    await page.getByRole('table', { name: 'Rotations' }).getByText('Failed').first().waitFor(patient)
    await page.getByText(new RegExp(`Password: v${before + 1} opened the target`)).waitFor(patient)
    await look(page, 'rc-10')
    await page.goto('/')
    const alarms = page.getByRole('region', { name: 'Alarms' })
    await alarms.getByText('A credential could not be replaced three times').first().waitFor()
    await look(page, 'rc-11')
  })

  test('is seen in the list of rotations with what stands in the way, and held when nobody shall get in', async () => {
    const { page } = seat
    await page.goto(`/accounts/${idOf('app2')}`)
    await page.getByRole('button', { name: 'Hold…' }).click()
    await page.getByLabel('Reason').fill('Under investigation')
    await page.getByRole('dialog').getByRole('button', { name: 'Hold', exact: true }).click()
    await page.getByText('Nobody gets in with it until an administrator releases it.').waitFor()
    await look(page, 'rc-12')
    await page.goto('/rotations')
    await page.getByRole('link', { name: '1 held' }).click()
    await page.getByRole('link', { name: 'app2@cache' }).click()
    await heading(page, 'app2@cache').waitFor()
    await page.getByRole('button', { name: 'Release…' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Looked at')
    await confirm(seat, 'Release', page.getByText('Only the vault knows its credential'))
    await look(page, 'rc-13')
  })
})

test('no browser had anything to complain about', () => expect(seat.complaints).toEqual([]))
