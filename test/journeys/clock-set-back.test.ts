import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { access, call } from '@claviger/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareClock } from '../faults/clock.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { until } from '../support/until.ts'
import { entries, grant, takeOver } from '../support/work.ts'

/*
 * The attack: somebody holds a grant of 45 seconds, the server is stopped, the machine's clock is set back by a day, and the server is
 * started again. By that clock the grant would run for a day.
 */

const work = mkdtempSync(join(tmpdir(), 'claviger-clock-'))
chmodSync(work, 0o711) // the parts run as other users, who must be able to pass
let claviger: Claviger
let alice: Person
let carol: Person
let account: string
const clock = prepareClock(work)
const setClock = (days: number) => clock?.set(days)
const kept = () => join(claviger.data, 'keeper', 'clock')

beforeAll(async () => {
  expect(clock, 'libfaketime is not installed').toBeDefined()
  claviger = await startClaviger({ lab: true, env: clock?.env ?? {} })
  const all = await takeOver(claviger)
  account = (() => {
    const found = all.find((a) => a.target.name === 'web01' && a.name === 'deploy') ?? all.find((a) => a.target.name === 'web01')
    return `${found?.name}@web01`
  })()
  ;[alice, carol] = [await claviger.person('alice'), await claviger.person('carol')]
}, 600_000)
afterAll(async () => {
  await claviger?.stop()
  rmSync(work, { recursive: true, force: true })
})

test('a grant ends when it should, though the clock was set back while the server was stopped', async () => {
  const { grant: given } = await grant(alice, await claviger.person('bob'), account, '45s')
  await claviger.halt()
  expect(Date.parse(readFileSync(kept(), 'utf8').trim())).toBeLessThanOrEqual(Date.now())
  setClock(-1)
  await claviger.again()
  const now = await until(
    'the end of the grant',
    async () => {
      const { grants } = must(await call(alice.api, access.grants, { query: {} }))
      const found = grants.find((g) => g.id === given.id)
      return found?.state === 'ended' ? found : undefined
    },
    180,
  )
  expect(now).toMatchObject({ id: given.id, state: 'ended' })
  const ssh = await runProgram('ssh', [...(await alice.sshArgs(account)), 'true'], { seconds: 30 })
  expect(ssh.status).not.toBe(0)
}, 600_000)

test('what is entered meanwhile does not go back in time, and the clock is an alarm that says what to do', async () => {
  const found = await until(
    'the alarm of the clock',
    async () => (await entries(carol, 'alarm.control_silent')).find((e) => e.fields.control === 'clock'),
    120,
  )
  expect(JSON.stringify(found)).toContain('set the clock right')
  expect(Math.abs(Date.parse(found.at) - Date.now())).toBeLessThan(3_600_000)
  expect(claviger.said()).toContain('behind the time at which the keeper last ran')
}, 300_000)

test('the alarm ends when the clock is right again', async () => {
  setClock(0)
  await until('the end of the alarm', async () => (await entries(carol, 'control.restored')).find((e) => e.fields.control === 'clock'), 180)
}, 300_000)

test('a server that cannot know the time that it had says so and does not start', async () => {
  await claviger.halt()
  writeFileSync(kept(), 'yesterday\n')
  await expect(claviger.again()).rejects.toThrow(/does not hold a time/)
}, 300_000)
